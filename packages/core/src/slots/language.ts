import type { AnnotationBase, Span } from '../span.js';

/** ISO 639-1 code, or `unknown` where the text does not tell. */
export type LanguageCode = 'en' | 'es' | 'pt' | 'unknown' | (string & {});

export interface LanguageAnnotation extends AnnotationBase {
  /** The main language of the message. */
  readonly code: LanguageCode;
  /** The other candidates, best first, without `code`. */
  readonly alternatives: readonly { readonly code: LanguageCode; readonly score: number }[];
  /** Stretches in another language than `code`; absent where the stage does not look for them. */
  readonly spans?: readonly (Span & { readonly code: LanguageCode; readonly score: number })[];
}
