import type { AnnotationBase } from '../span.js';

export type SentimentLabel = 'positive' | 'neutral' | 'negative';

export interface SentimentAnnotation extends AnnotationBase {
  readonly label: SentimentLabel;
  /** In [-1, 1]; below 0 is negative. Here `score` is the polarity, not a confidence. */
  readonly score: number;
  /** Strength of the feeling, in [0, 1]. */
  readonly intensity: number;
}
