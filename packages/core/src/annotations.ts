import type { EntitiesAnnotation } from './slots/entities.js';
import type { IntentAnnotation } from './slots/intent.js';
import type { LanguageAnnotation } from './slots/language.js';
import type { MediaAnnotation } from './slots/media.js';
import type { SentimentAnnotation } from './slots/sentiment.js';

/**
 * The slots a stage may fill. Open: add your own by declaration merging,
 * `declare module '@colloquy/core' { interface Annotations { urgency: Urgency } }`.
 */
export interface Annotations {
  language: LanguageAnnotation;
  intent: IntentAnnotation;
  entities: EntitiesAnnotation;
  sentiment: SentimentAnnotation;
  media: MediaAnnotation;
}

/** The name of a slot. */
export type Slot = keyof Annotations & string;
