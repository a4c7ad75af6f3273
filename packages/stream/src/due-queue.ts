/** Things that wait for an instant, earliest first (a binary heap). */
export interface DueQueue<T> {
  push(item: T, dueAtMs: number): void;
  /** The earliest instant anything waits for. */
  nextMs(): number | undefined;
  /** Takes out one thing that is due, the earliest. */
  pop(nowMs: number): T | undefined;
}

export function dueQueue<T>(): DueQueue<T> {
  const heap: { readonly dueAtMs: number; readonly item: T }[] = [];
  const due = (index: number) => heap[index]?.dueAtMs ?? Infinity;
  const swap = (a: number, b: number) => {
    const kept = heap[a] as (typeof heap)[number];
    heap[a] = heap[b] as (typeof heap)[number];
    heap[b] = kept;
  };
  const rise = (from: number) => {
    for (let index = from; index > 0; ) {
      const parent = (index - 1) >> 1;
      if (due(parent) <= due(index)) return;
      swap(parent, index);
      index = parent;
    }
  };
  const sink = () => {
    for (let index = 0; ; ) {
      const left = index * 2 + 1;
      const child = due(left + 1) < due(left) ? left + 1 : left;
      if (due(child) >= due(index)) return;
      swap(child, index);
      index = child;
    }
  };
  return {
    push: (item, dueAtMs) => {
      heap.push({ item, dueAtMs });
      rise(heap.length - 1);
    },
    nextMs: () => heap[0]?.dueAtMs,
    pop: (nowMs) => {
      if (due(0) > nowMs) return undefined;
      const first = heap[0];
      const last = heap.pop();
      if (heap.length > 0 && last !== undefined) {
        heap[0] = last;
        sink();
      }
      return first?.item;
    },
  };
}
