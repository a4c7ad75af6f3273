import type { StoredMessage } from '@colloquy/core';
import { element } from './element.js';
import { percent, plain } from './wording.js';

type Label = 'positive' | 'neutral' | 'negative';

/** Told by shape and word, not by colour alone. */
export function sentimentMark(label: Label, wordy: boolean): HTMLElement {
  const shape = { positive: '▲', neutral: '●', negative: '▼' }[label];
  return element('span', { class: `mark ${label}`, title: `Sentiment: ${label}` }, element('span', { 'aria-hidden': 'true' }, shape), element('span', { class: wordy ? '' : 'unseen' }, wordy ? ` ${label}` : `Sentiment: ${label}`));
}

export function chip(kind: string, text: string, title: string): HTMLElement {
  return element('span', { class: `chip ${kind}`, title }, text);
}

/** What the stages made of a message, and what failed. */
export function messageChips({ ann, faults }: Pick<StoredMessage, 'ann' | 'faults'>): readonly HTMLElement[] {
  const { intent, sentiment, language } = ann;
  return [
    ...(intent === undefined ? [] : [chip('intent', plain(intent.name), `Intent, ${percent(intent.score)} sure`)]),
    ...(sentiment === undefined ? [] : [sentimentMark(sentiment.label, true)]),
    ...(language === undefined || language.code === 'unknown' ? [] : [chip('language', language.code, 'Language')]),
    ...faults.map(({ stage, code }) => chip('fault', `${stage} failed: ${code}`, 'A stage failed; the others went on')),
  ];
}
