import type { Doc, Entity, Fault } from '@colloquy/core';
import { printable, type Colours } from './cli-context.js';

export type ViewedDoc = Pick<Doc, 'id' | 'conversationId' | 'at' | 'author' | 'direction' | 'text' | 'media' | 'ann' | 'faults'>;

/**
 * A message for a person's eyes: who, when, the text with entities underlined in place (without colours: in brackets), then
 * what was understood, and with explanations why.
 */
export function viewDoc(doc: ViewedDoc, colours: Colours): string {
  const { author, direction, at, ann } = doc;
  const arrow = direction === 'inbound' ? colours.cyan('→') : colours.magenta('←');
  const head = `${arrow} ${colours.bold(printable(author.name ?? author.id))} ${colours.dim(`${at.slice(0, 16).replace('T', ' ')}  ${printable(doc.conversationId)} ${printable(doc.id)}`)}`;
  const entities = (ann.entities?.items ?? []).filter(({ part }) => part === 'text');
  const text = doc.text === '' ? doc.media.map(({ kind }) => `[${kind}]`).join(' ') : markEntities(doc.text, entities, colours);
  const lines = [head, ...text.split(/\r\n|\r|\n/).map((line) => `  ${line}`), `  ${factsOf(doc, colours).join(colours.dim(' · '))}`];
  return `${[...lines, ...reasonsOf(doc).map((reason) => colours.dim(`    ${reason}`))].join('\n')}\n`;
}

/** The text with the given stretches underlined; each stretch is exact, whatever emoji or accents stand around it. */
export function markEntities(text: string, entities: readonly Pick<Entity, 'start' | 'end'>[], colours: Colours): string {
  const mark = colours.isColorSupported ? (part: string) => colours.underline(colours.yellow(part)) : (part: string) => `[${part}]`;
  let out = '';
  let done = 0;
  for (const { start, end } of [...entities].sort((a, b) => a.start - b.start)) {
    if (start < done) continue;
    out += printable(text.slice(done, start)) + mark(printable(text.slice(start, end)));
    done = end;
  }
  return out + printable(text.slice(done));
}

function factsOf({ ann, faults }: ViewedDoc, colours: Colours): readonly string[] {
  const { language, intent, sentiment, entities, media } = ann;
  const facts = [
    language && colours.blue(language.code),
    intent && `${colours.green(intent.name)} ${intent.score.toFixed(2)}`,
    sentiment && `${moodOf(sentiment.score, sentiment.label, colours)} ${sentiment.score.toFixed(2)}`,
    ...(entities?.items ?? []).map((entity) => `${colours.yellow(entity.type)} ${printable(valueOf(entity))}`),
    ...(media?.items ?? []).map((item) => `${item.kind} ${item.mimeType ?? 'of unknown type'}, ${item.verdict}${item.reason === undefined ? '' : ` (${item.reason})`}`),
    ...faults.map(({ stage, code }: Fault) => colours.red(`${stage} ${code}`)),
  ];
  const known = facts.filter((fact) => fact !== undefined);
  return known.length === 0 ? [colours.dim('nothing found')] : known;
}

function moodOf(score: number, label: string, colours: Colours): string {
  return score > 0 ? colours.green(label) : score < 0 ? colours.red(label) : label;
}

function valueOf({ value, text }: Entity): string {
  switch (value?.kind) {
    case 'number':
      return String(value.number);
    case 'money':
      return `${value.amount}${value.currency === undefined ? '' : ` ${value.currency}`}`;
    case 'datetime':
      return value.to === undefined ? value.from : `${value.from} – ${value.to}`;
    case 'phone':
      return value.e164;
    case 'text':
      return value.text;
    default:
      return text;
  }
}

function reasonsOf({ ann }: ViewedDoc): readonly string[] {
  return Object.entries(ann).flatMap(([slot, annotation]) => {
    const why = (annotation as { readonly why?: { readonly summary: string; readonly evidence: readonly { readonly what: string; readonly weight: number }[] } }).why;
    if (why === undefined) return [];
    const evidence = why.evidence.slice(0, 5).map(({ what, weight }) => `${printable(what)} ${weight.toFixed(2)}`);
    return [`${slot}: ${printable(why.summary)}${evidence.length === 0 ? '' : ` (${evidence.join(', ')})`}`];
  });
}
