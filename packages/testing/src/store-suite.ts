import { caseSuite } from './case-suite.js';
import type { OpenedStore } from './opened-store.js';
import { storeListingCases } from './store-listing-cases.js';
import { storeSavingCases } from './store-saving-cases.js';
import { storeSummaryCases } from './store-summary-cases.js';

export interface StoreSuiteOptions {
  readonly name: string;
  open(): Promise<OpenedStore>;
  /** Title of a case → why this store cannot keep the promise. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** What every Store must do. Call it at the top level of a vitest file. */
export function storeSuite({ name, open, skip = {} }: StoreSuiteOptions): void {
  caseSuite<OpenedStore>({
    title: `Store: ${name}`,
    cases: { ...storeSavingCases, ...storeSummaryCases, ...storeListingCases },
    open,
    close: (opened) => opened.close(),
    skip,
  });
}
