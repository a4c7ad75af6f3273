import type { AnnotationBase } from '../span.js';

export interface IntentAnnotation extends AnnotationBase {
  /** The label of the model; `out_of_scope` where no label of the model fits. */
  readonly name: string;
  /** The other candidates, best first, without `name`. */
  readonly alternatives: readonly { readonly name: string; readonly score: number }[];
}
