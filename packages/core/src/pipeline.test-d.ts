// Checked by the compiler alone: each @ts-expect-error is an assertion that the line below it does not compile.
import { parallel, pipeline, when, type Doc, type LanguageAnnotation, type Stage } from './index.js';

declare const language: Stage<never, 'language'>;
declare const sentiment: Stage<'language', 'sentiment'>;
declare const answer: Stage<'sentiment' | 'language', 'intent'>;

export const inOrder = pipeline().use(language).use(sentiment).use(answer);

// @ts-expect-error sentiment needs language
pipeline().use(sentiment);

// @ts-expect-error it needs sentiment too
pipeline().use(language).use(answer);

// @ts-expect-error parts of parallel do not see each other
pipeline().use(parallel(language, sentiment));

export const sideBySide = pipeline().use(language).use(parallel(sentiment, language));

// @ts-expect-error a conditional stage has the needs of the stage
pipeline().use(when((doc) => doc.text.length > 0, sentiment));

export function needed(doc: Doc<'language'>): LanguageAnnotation {
  return doc.ann.language;
}

export function perhaps(doc: Doc): LanguageAnnotation {
  // @ts-expect-error it may be absent
  return doc.ann.language;
}

export function immutable(doc: Doc): void {
  // @ts-expect-error a Doc is never changed
  doc.text = '';
}
