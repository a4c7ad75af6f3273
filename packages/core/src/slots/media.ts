import type { AnnotationBase } from '../span.js';
import type { MediaKind } from '../message.js';

export interface MediaItem {
  /** Which of the message's attachments: `doc.media[index]`. */
  readonly index: number;
  /** What the bytes say it is, or the declared kind where the bytes do not tell. */
  readonly kind: MediaKind;
  /** Declared type and real type (by magic bytes). */
  readonly declaredMimeType?: string;
  readonly mimeType?: string;
  readonly sizeBytes: number;
  /** Content hash, `sha256-…`. */
  readonly ref: string;
  /** `transformed`: accepted, and `cleanRef` is the copy to pass on. `refused`: not to be shown or passed on. */
  readonly verdict: 'accepted' | 'transformed' | 'refused';
  /** Code from the error table that tells why it was refused or is incomplete. */
  readonly reason?: string;
  /** As shown: orientation applied; of an animation, one frame. */
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** Frames of an animation, pages of a TIFF; absent where there is one. */
  readonly pages?: number;
  readonly animated?: boolean;
  readonly durationMs?: number;
  readonly codec?: string;
  /** The WebP thumbnail in the media store. */
  readonly thumbnailRef?: string;
  /** The re-encoded picture without metadata in the media store. */
  readonly cleanRef?: string;
}

export interface MediaAnnotation extends AnnotationBase {
  /** One entry per attachment that has bytes, in order of `index`. */
  readonly items: readonly MediaItem[];
}
