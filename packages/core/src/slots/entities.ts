import type { AnnotationBase, Span } from '../span.js';

/** Type names are open: `number`, `money`, `datetime`, `phone`, `email`, `url`, `person`, `place`, … */
export type EntityType = string;

export interface Entity extends Span {
  readonly type: EntityType;
  /** The covered text, as received. */
  readonly text: string;
  /** In [0, 1]. */
  readonly score: number;
  /** The resolved value; its shape depends on `type` and is described in docs/stages/extract-entities.md. */
  readonly value?: EntityValue;
}

export type EntityValue =
  | { readonly kind: 'number'; readonly number: number }
  | { readonly kind: 'money'; readonly amount: number; readonly currency?: string }
  | { readonly kind: 'datetime'; readonly from: string; readonly to?: string; readonly grain: 'date' | 'time' | 'datetime' }
  | { readonly kind: 'phone'; readonly e164: string; readonly country?: string }
  | { readonly kind: 'text'; readonly text: string };

export interface EntitiesAnnotation extends AnnotationBase {
  /** In order of `part`, then start, then end. No two overlap within one part. */
  readonly items: readonly Entity[];
}
