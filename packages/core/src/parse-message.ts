import { isContentRef } from './content-ref.js';
import { colloquyError } from './errors/colloquy-error.js';
import type { Author, AuthorRole, Direction, JsonObject, JsonValue, MediaKind, MediaRef, Message } from './message.js';

export interface ParseMessageOptions {
  /** Epoch milliseconds. Default: the system clock. */
  readonly now?: number;
  /** `at` of a message that has none, ISO 8601. Default: now. */
  readonly defaultAt?: string;
  /** In UTF-16 code units. Default: 65,536. */
  readonly maxTextChars?: number;
}

export const messageLimits = {
  idChars: 256,
  nameChars: 256,
  textChars: 65_536,
  mediaItems: 32,
  metaChars: 65_536,
  metaDepth: 16,
  earliestAt: '2000-01-01T00:00:00.000Z',
  futureMs: 24 * 60 * 60 * 1000,
} as const;

/**
 * Checks a message of any origin and fills its defaults: `at` now, `author` the customer whose id is the conversation,
 * `channel` `unknown`, `direction` `inbound`, `text` empty. Throws the MESSAGE_… errors, all of kind `input`.
 */
export function parseMessage(value: unknown, options: ParseMessageOptions = {}): Message {
  if (!isRecord(value)) throw colloquyError('MESSAGE_NOT_OBJECT', { found: typeName(value) });
  refuseUnknown(value, messageFields, '');
  const now = options.now ?? Date.now();
  const conversationId = requiredString(value, 'conversationId', messageLimits.idChars);
  const message: Message = {
    id: requiredString(value, 'id', messageLimits.idChars),
    conversationId,
    at: parseAt(value['at'], options.defaultAt, now),
    author: value['author'] === undefined ? { id: conversationId, role: 'customer' } : parseAuthor(value['author']),
    channel: optionalString(value, 'channel', '', messageLimits.nameChars) ?? 'unknown',
    direction: value['direction'] === undefined ? 'inbound' : oneOf(value['direction'], directions, 'direction'),
    text: parseText(value['text'], options.maxTextChars ?? messageLimits.textChars),
    media: value['media'] === undefined ? [] : parseMedia(value['media']),
    meta: value['meta'] === undefined ? {} : parseMeta(value['meta']),
  };
  if (message.text.trim() === '' && message.media.length === 0) throw colloquyError('MESSAGE_EMPTY');
  return message;
}

const directions: readonly Direction[] = ['inbound', 'outbound'];
const roles: readonly AuthorRole[] = ['customer', 'provider', 'agent', 'bot', 'system'];
const mediaKinds: readonly MediaKind[] = ['image', 'audio', 'video', 'document', 'sticker', 'location', 'contact'];
const messageFields = new Set(['id', 'conversationId', 'at', 'author', 'channel', 'direction', 'text', 'media', 'meta']);
const authorFields = new Set(['id', 'role', 'name']);
const mediaFields = new Set(['kind', 'ref', 'file', 'mimeType', 'name', 'caption', 'latitude', 'longitude']);

const instantPattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;
const malformed = /\u0000|[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

function parseAt(value: unknown, defaultAt: string | undefined, now: number): string {
  const given = value ?? defaultAt ?? now;
  const isInstant = given instanceof Date || given === now || (typeof given === 'string' && instantPattern.test(given) && isCalendarDay(given.slice(0, 10)));
  const epochMs = isInstant ? new Date(given as string | number | Date).getTime() : NaN;
  if (Number.isNaN(epochMs)) {
    throw colloquyError('MESSAGE_FIELD_INVALID', { found: typeName(given), field: 'at', expected: 'an instant such as 2026-03-02T15:04:05Z' });
  }
  if (epochMs < Date.parse(messageLimits.earliestAt) || epochMs > now + messageLimits.futureMs) {
    throw colloquyError('MESSAGE_TIME_IMPLAUSIBLE', { found: printable(epochMs) });
  }
  return new Date(epochMs).toISOString();
}

/** Date takes 30 February for 2 March. */
function isCalendarDay(day: string): boolean {
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

function printable(epochMs: number): string {
  return Math.abs(epochMs) <= 8.64e15 ? new Date(epochMs).toISOString() : String(epochMs);
}

function parseText(value: unknown, maxChars: number): string {
  if (value === undefined || value === null) return '';
  if (typeof value !== 'string') throw colloquyError('MESSAGE_FIELD_INVALID', { found: typeName(value), field: 'text', expected: 'a string' });
  if (value.length > maxChars) throw colloquyError('MESSAGE_TEXT_TOO_LONG', { chars: value.length, maxChars });
  refuseMalformed(value, 'text');
  return value;
}

function parseAuthor(value: unknown): Author {
  if (!isRecord(value)) throw colloquyError('MESSAGE_FIELD_INVALID', { found: typeName(value), field: 'author', expected: 'an object with id and role' });
  refuseUnknown(value, authorFields, 'author.');
  const name = optionalString(value, 'name', 'author.', messageLimits.nameChars);
  return {
    id: requiredString(value, 'id', messageLimits.idChars, 'author.'),
    role: value['role'] === undefined ? 'customer' : oneOf(value['role'], roles, 'author.role'),
    ...(name === undefined ? {} : { name }),
  };
}

function parseMedia(value: unknown): MediaRef[] {
  if (!Array.isArray(value)) throw colloquyError('MESSAGE_FIELD_INVALID', { found: typeName(value), field: 'media', expected: 'a list of attachments' });
  if (value.length > messageLimits.mediaItems) {
    throw colloquyError('MESSAGE_FIELD_INVALID', { found: `${value.length} attachments`, field: 'media', expected: `at most ${messageLimits.mediaItems}` });
  }
  return value.map((item: unknown, index) => parseMediaRef(item, `media/${index}`));
}

function parseMediaRef(value: unknown, where: string): MediaRef {
  if (!isRecord(value)) throw colloquyError('MESSAGE_FIELD_INVALID', { found: typeName(value), field: where, expected: 'an object with kind' });
  const prefix = `${where}.`;
  refuseUnknown(value, mediaFields, prefix);
  const ref = optionalString(value, 'ref', prefix, 71);
  if (ref !== undefined && !isContentRef(ref)) throw colloquyError('MEDIA_REF_INVALID');
  const strings = {
    ref,
    file: optionalString(value, 'file', prefix, 1024),
    mimeType: optionalString(value, 'mimeType', prefix, messageLimits.nameChars),
    name: optionalString(value, 'name', prefix, messageLimits.nameChars),
    caption: optionalString(value, 'caption', prefix, messageLimits.textChars),
    latitude: optionalNumber(value, 'latitude', prefix, 90),
    longitude: optionalNumber(value, 'longitude', prefix, 180),
  };
  return { kind: oneOf(value['kind'], mediaKinds, `${prefix}kind`), ...withoutUndefined(strings) };
}

function parseMeta(value: unknown): JsonObject {
  if (!isRecord(value)) throw colloquyError('MESSAGE_FIELD_INVALID', { found: typeName(value), field: 'meta', expected: 'a JSON object' });
  if (!isJson(value, messageLimits.metaDepth)) {
    throw colloquyError('MESSAGE_FIELD_INVALID', { found: 'a value that is not plain JSON', field: 'meta', expected: `well-formed JSON at most ${messageLimits.metaDepth} deep` });
  }
  const chars = JSON.stringify(value).length;
  if (chars > messageLimits.metaChars) {
    throw colloquyError('MESSAGE_FIELD_INVALID', { found: `${chars} characters`, field: 'meta', expected: `at most ${messageLimits.metaChars}` });
  }
  return value;
}

function isJson(value: unknown, depth: number): value is JsonValue {
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'string') return !malformed.test(value);
  if (typeof value === 'number') return Number.isFinite(value);
  if (depth === 0 || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.every((item) => isJson(item, depth - 1));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return false;
  return Object.entries(value).every(([key, item]) => !malformed.test(key) && isJson(item, depth - 1));
}

function requiredString(from: Record<string, unknown>, field: string, maxChars: number, prefix = ''): string {
  const value = optionalString(from, field, prefix, maxChars);
  if (value === undefined || value.trim() === '') {
    throw colloquyError('MESSAGE_FIELD_MISSING', { field: prefix + field, expected: `a string of 1 to ${maxChars} characters` });
  }
  return value;
}

function optionalString(from: Record<string, unknown>, field: string, prefix: string, maxChars: number): string | undefined {
  const value = from[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'string') throw colloquyError('MESSAGE_FIELD_INVALID', { found: typeName(value), field: prefix + field, expected: 'a string' });
  if (value.length > maxChars) {
    throw colloquyError('MESSAGE_FIELD_INVALID', { found: `${value.length} characters`, field: prefix + field, expected: `at most ${maxChars}` });
  }
  refuseMalformed(value, prefix + field);
  return value;
}

function optionalNumber(from: Record<string, unknown>, field: string, prefix: string, limit: number): number | undefined {
  const value = from[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== 'number' || !(Math.abs(value) <= limit)) {
    throw colloquyError('MESSAGE_FIELD_INVALID', { found: typeName(value), field: prefix + field, expected: `a number from -${limit} to ${limit}` });
  }
  return value;
}

function oneOf<T extends string>(value: unknown, allowed: readonly T[], field: string): T {
  const found = allowed.find((item) => item === value);
  if (found === undefined) throw colloquyError('MESSAGE_FIELD_INVALID', { found: typeName(value), field, expected: `one of ${allowed.join(', ')}` });
  return found;
}

function refuseMalformed(value: string, field: string): void {
  const at = value.search(malformed);
  if (at < 0) return;
  throw colloquyError('MESSAGE_TEXT_MALFORMED', { found: value.charCodeAt(at) === 0 ? 'a NUL' : 'a lone surrogate', offset: at, field });
}

function refuseUnknown(value: Record<string, unknown>, known: ReadonlySet<string>, prefix: string): void {
  for (const field of Object.keys(value)) {
    if (!known.has(field)) throw colloquyError('MESSAGE_FIELD_UNKNOWN', { field: prefix + fieldName(field) });
  }
}

/** A field's name as it may be printed: a hostile producer could put anything there. */
function fieldName(field: string): string {
  return /^[\w.-]{1,40}$/.test(field) ? field : `of ${field.length} characters`;
}

function typeName(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  return value === undefined ? 'nothing' : `a value of type ${typeof value}`;
}

function isRecord(value: unknown): value is Record<string, unknown> & JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
