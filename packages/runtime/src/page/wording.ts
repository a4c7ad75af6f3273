import type { ConversationSummary, Entity, EntityValue, MediaItem, MediaKind } from '@colloquy/core';

/** `ask_price` → `ask price`. */
export function plain(label: string): string {
  return label.replaceAll('_', ' ');
}

/** Type and value of an entity, such as `money: 250 MXN`. */
export function entityTitle({ type, text, value }: Entity): string {
  return `${plain(type)}: ${value === undefined ? text : valueText(value)}`;
}

function valueText(value: EntityValue): string {
  switch (value.kind) {
    case 'number':
      return String(value.number);
    case 'money':
      return [value.amount, value.currency].filter((item) => item !== undefined).join(' ');
    case 'datetime':
      return value.to === undefined ? value.from : `${value.from} – ${value.to}`;
    case 'phone':
      return value.e164;
    default:
      return value.text;
  }
}

/** Who the conversation is with: the names of everybody but bots and agents, else its id. */
export function conversationName({ id, participants }: Pick<ConversationSummary, 'id' | 'participants'>): string {
  const people = participants.filter(({ role }) => role === 'customer' || role === 'provider');
  return people.map(({ name, id: personId }) => name ?? personId).join(', ') || id;
}

const kinds: Readonly<Record<MediaKind, string>> = { image: 'Photo', audio: 'Voice note', video: 'Video', document: 'Document', sticker: 'Sticker', location: 'Location', contact: 'Contact' };

export function mediaName(kind: MediaKind): string {
  return kinds[kind] ?? 'Attachment';
}

/** Duration, pages and size of an attachment, as far as they are known: `0:07 · 12 kB`. */
export function mediaFacts({ durationMs, pages, sizeBytes }: Pick<MediaItem, 'durationMs' | 'pages' | 'sizeBytes'>): string {
  return [durationMs === undefined ? '' : duration(durationMs), pages === undefined ? '' : `${pages} ${pages === 1 ? 'page' : 'pages'}`, size(sizeBytes)].filter((fact) => fact !== '').join(' · ');
}

function duration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

export function percent(score: number): string {
  return `${Math.round(score * 100)} %`;
}

const clockFormat = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit' });
const shortDayFormat = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });
const longDayFormat = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

export const clockTime = (at: string): string => clockFormat.format(new Date(at));
export const dayOf = (at: string): string => longDayFormat.format(new Date(at));

/** The time for today, the day for before. */
export function recently(at: string, now = new Date()): string {
  return new Date(at).toDateString() === now.toDateString() ? clockTime(at) : shortDayFormat.format(new Date(at));
}
