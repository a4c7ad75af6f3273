import type { Author } from './message.js';
import type { ConversationSummary, StoredMessage } from './ports/store.js';

/** How many messages a summary remembers as counted; more than one conversation can have in flight (docs/guides/delivery.md). */
export const recentLength = 128;
export const participantsLength = 64;
const previewChars = 120;

/**
 * The summary after one more message. Counting a message of `recent` again changes nothing. "Last" fields go by (at, id),
 * so the order of arrival does not matter.
 */
export function foldSummary(summary: ConversationSummary | undefined, message: StoredMessage): ConversationSummary {
  const before = summary ?? emptySummary(message);
  if (before.recent.some(({ id }) => id === message.id)) return before;
  const inbound = message.direction === 'inbound';
  const intent = inbound ? message.ann.intent?.name : undefined;
  const newer = (than: { readonly at: string; readonly id: string }) => compareKeys(message, than) > 0;
  const last = summary === undefined || newer(before.last) ? lastOf(message) : before.last;
  const lastIntent = intent !== undefined && (before.lastIntent === undefined || newer(before.lastIntent)) ? { at: message.at, id: message.id, name: intent } : before.lastIntent;
  return {
    id: message.conversationId,
    participants: withParticipant(before.participants, message.author),
    firstAt: message.at < before.firstAt ? message.at : before.firstAt,
    counts: {
      messages: before.counts.messages + 1,
      inbound: before.counts.inbound + (inbound ? 1 : 0),
      outbound: before.counts.outbound + (inbound ? 0 : 1),
      media: before.counts.media + message.media.length,
      faults: before.counts.faults + message.faults.length,
    },
    last,
    ...(lastIntent === undefined ? {} : { lastIntent }),
    facets: [...new Set([...before.facets, ...facetsOf(message)])].sort(),
    recent: [...before.recent, recentOf(message)].slice(-recentLength),
  };
}

/** The summary of all messages of a conversation; `undefined` for none. */
export function summaryOf(messages: Iterable<StoredMessage>): ConversationSummary | undefined {
  let summary: ConversationSummary | undefined;
  for (const message of messages) summary = foldSummary(summary, message);
  return summary;
}

/** What a message adds to the facets of its conversation. Intent and sentiment count for inbound messages only. */
export function facetsOf(message: StoredMessage): readonly string[] {
  const { language, intent, entities, sentiment } = message.ann;
  const facets = [`channel:${message.channel}`];
  if (language !== undefined) facets.push(`language:${language.code}`);
  for (const entity of entities?.items ?? []) facets.push(`entity:${entity.type}`);
  if (message.direction === 'inbound') {
    if (intent !== undefined) facets.push(`intent:${intent.name}`);
    if (sentiment !== undefined) facets.push(`sentiment:${sentiment.label}`);
  }
  return [...new Set(facets)];
}

export interface SentimentTrend {
  /** Mean polarity of the remembered inbound messages, in [-1, 1]. */
  readonly mean: number;
  /** Mean of the newest three minus the mean of the three before, in [-2, 2]; 0 where there are fewer than four. */
  readonly change: number;
  readonly direction: 'rising' | 'falling' | 'steady';
}

/** `undefined` where no remembered message has a sentiment. */
export function sentimentTrend(summary: ConversationSummary): SentimentTrend | undefined {
  const scores = [...summary.recent].sort(compareKeys).flatMap(({ sentiment }) => (sentiment === undefined ? [] : [sentiment]));
  if (scores.length === 0) return undefined;
  const change = scores.length < 4 ? 0 : mean(scores.slice(-3)) - mean(scores.slice(-6, -3));
  return { mean: mean(scores), change, direction: change > trendStep ? 'rising' : change < -trendStep ? 'falling' : 'steady' };
}

/** Order of messages: by instant, then by id. */
export function compareKeys(a: { readonly at: string; readonly id: string }, b: { readonly at: string; readonly id: string }): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return a.id === b.id ? 0 : a.id < b.id ? -1 : 1;
}

export function recentOf(message: StoredMessage): ConversationSummary['recent'][number] {
  const sentiment = message.direction === 'inbound' ? message.ann.sentiment?.score : undefined;
  return { id: message.id, at: message.at, ...(sentiment === undefined ? {} : { sentiment }) };
}

export function lastOf(message: StoredMessage): ConversationSummary['last'] {
  return { at: message.at, id: message.id, direction: message.direction, preview: previewOf(message) };
}

const trendStep = 0.2;

function emptySummary(message: StoredMessage): ConversationSummary {
  return {
    id: message.conversationId,
    participants: [],
    firstAt: message.at,
    counts: { messages: 0, inbound: 0, outbound: 0, media: 0, faults: 0 },
    last: lastOf(message),
    facets: [],
    recent: [],
  };
}

function withParticipant(participants: readonly Author[], author: Author): readonly Author[] {
  if (participants.length >= participantsLength || participants.some(({ id }) => id === author.id)) return participants;
  return [...participants, author].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** The start of the text, or the kinds of media; never half a surrogate pair. */
function previewOf(message: StoredMessage): string {
  if (message.text === '') return message.media.map(({ kind }) => `[${kind}]`).join(' ');
  return message.text.slice(0, previewChars).replace(/[\uD800-\uDBFF]$/, '');
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}
