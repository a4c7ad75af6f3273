/** A stretch of one part of a message, half-open, in UTF-16 code units of the text as received. */
export interface Span {
  /** `text`, or a text found in an attachment: `media/0/caption`, `media/0/transcript`, … */
  readonly part: string;
  readonly start: number;
  readonly end: number;
}

/** Where an annotation comes from. */
export interface AnnotationSource {
  /** Id of the stage, such as `classify-intent@1`. */
  readonly stage: string;
  /** Name and version of the model, such as `intent/service-chat-nlpjs@0.1.0`. */
  readonly model?: string;
}

export interface AnnotationBase {
  readonly source: AnnotationSource;
  /** Confidence in [0, 1] (sentiment: polarity in [-1, 1]). */
  readonly score: number;
  /** Present when the message was enriched with `explain: true`. */
  readonly why?: Explanation;
}

/** Why a stage decided so: the rule or features, the threshold, the runner-up. */
export interface Explanation {
  /** One line for a person. */
  readonly summary: string;
  /** What spoke for or against, strongest first. */
  readonly evidence: readonly { readonly what: string; readonly weight: number }[];
  readonly threshold?: number;
  readonly runnerUp?: { readonly name: string; readonly score: number };
}
