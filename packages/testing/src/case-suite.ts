import { afterEach, beforeEach, describe, it } from 'vitest';

/** One promise of a contract, proven on a freshly opened adapter. Throws where it is broken. */
export type SuiteCase<Opened> = (opened: Opened) => Promise<void>;

export interface CaseSuiteOptions<Opened> {
  readonly title: string;
  readonly cases: Readonly<Record<string, SuiteCase<Opened>>>;
  /** Called before each case: an adapter with nothing in it. */
  open(): Promise<Opened>;
  close(opened: Opened): Promise<void>;
  /** Title of a case → why this adapter cannot keep the promise; the reason is printed. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** Registers one vitest test per case. Throws for a skip that names no case. */
export function caseSuite<Opened>({ title, cases, open, close, skip = {} }: CaseSuiteOptions<Opened>): void {
  for (const skipped of Object.keys(skip)) {
    if (!(skipped in cases)) throw new TypeError(`${title}: found a skip of "${skipped}"; expected one of: ${Object.keys(cases).join(', ')}`);
  }
  describe(title, () => {
    let opened: Opened;
    beforeEach(async () => {
      opened = await open();
    }, timeoutMs);
    afterEach(() => close(opened), timeoutMs);
    for (const [name, run] of Object.entries(cases)) {
      const reason = skip[name];
      it(name, (context) => (reason === undefined ? run(opened) : context.skip(reason)), timeoutMs);
    }
  });
}

const timeoutMs = 120_000;
