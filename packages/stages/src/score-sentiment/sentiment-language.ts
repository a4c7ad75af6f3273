import type { WordWeights } from './word-weights.js';

/** What the stage knows of a language; all words folded. */
export interface SentimentLanguage {
  readonly weights: WordWeights;
  /** Turn round what follows within three words. */
  readonly negators: ReadonlySet<string>;
  /** Strengthen the next word. */
  readonly boosters: ReadonlySet<string>;
  /** Weaken the next word. */
  readonly dampers: ReadonlySet<string>;
}
