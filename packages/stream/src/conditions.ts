/** Lets others wait until something holds of a shared state. */
export interface Conditions {
  /** Resolves when the predicate holds, now or at a later notify(). By then it may no longer hold. */
  until(predicate: () => boolean): Promise<void>;
  notify(): void;
}

export function conditions(): Conditions {
  let waiters: { readonly predicate: () => boolean; resolve(): void }[] = [];
  return {
    until: (predicate) =>
      new Promise((resolve) => {
        if (predicate()) resolve();
        else waiters.push({ predicate, resolve });
      }),
    notify: () => {
      if (waiters.length === 0) return;
      const met = waiters.filter(({ predicate }) => predicate());
      if (met.length === 0) return;
      waiters = waiters.filter((waiter) => !met.includes(waiter));
      for (const { resolve } of met) resolve();
    },
  };
}
