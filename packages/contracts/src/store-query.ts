import { colloquyError, type ConversationQuery, type Page } from '@colloquy/core';
import { maxPageItems } from './http.js';

/** A place in a listing: the instant (ISO 8601 in UTC with milliseconds) and the id of the last item seen. */
export interface PageKey {
  readonly at: string;
  readonly id: string;
}

/** A ConversationQuery, checked, in the terms of a summary. */
export interface ConversationFilter {
  /** All of these are among the summary's facets; the one that few conversations have comes first, as far as its sort tells. */
  readonly facets: readonly string[];
  /** Last activity, from inclusive, to exclusive, in the form messages carry it. */
  readonly from?: string;
  readonly to?: string;
  readonly after?: PageKey;
  readonly limit: number;
}

/** What a store looks for. Throws QUERY_INVALID, naming the field. */
export function conversationFilter(query: ConversationQuery): ConversationFilter {
  const facets = [facet('intent', query.intent), facet('entity', query.entityType), facet('sentiment', query.sentiment), facet('language', query.language)];
  const from = instantOf('from', query.from);
  const to = instantOf('to', query.to);
  const after = keyOfCursor(query.after);
  return {
    facets: facets.flatMap((name) => (name === undefined ? [] : [name])),
    ...(from === undefined ? {} : { from }),
    ...(to === undefined ? {} : { to }),
    ...(after === undefined ? {} : { after }),
    limit: checkedLimit(query.limit),
  };
}

/** The limit itself. Throws QUERY_INVALID where it is not a whole number of 1 to 100. */
export function checkedLimit(limit: number): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= maxPageItems) return limit;
  throw colloquyError('QUERY_INVALID', { found: String(limit), field: 'limit', expected: `a whole number from 1 to ${maxPageItems}` });
}

/** The opaque `next` of a page that ends with this item. */
export function cursorOf({ at, id }: PageKey): string {
  return Buffer.from(JSON.stringify([at, id])).toString('base64url');
}

/** `found` has one item more than the page where there is another page. */
export function pageOf<T>(found: readonly T[], limit: number, keyOf: (item: T) => PageKey): Page<T> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  return found.length > limit && last !== undefined ? { items, next: cursorOf(keyOf(last)) } : { items };
}

/** The item a page ended with; `undefined` for no cursor. Throws QUERY_INVALID for one that cursorOf did not make. */
export function keyOfCursor(cursor: string | undefined): PageKey | undefined {
  if (cursor === undefined) return undefined;
  const [at, id, ...rest] = cursor.length > maxCursorChars ? [] : listOf(cursor);
  if (typeof at !== 'string' || typeof id !== 'string' || rest.length > 0 || !instant.test(at)) {
    throw colloquyError('QUERY_INVALID', { found: `a text of ${cursor.length} characters`, field: 'after', expected: 'the next of the page before' });
  }
  return { at, id };
}

const maxCursorChars = 16_384;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/;
const writtenInstant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/;

function facet(kind: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${kind}:${value}`;
}

function instantOf(field: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const epochMs = writtenInstant.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(epochMs)) {
    throw colloquyError('QUERY_INVALID', { found: `a text of ${value.length} characters`, field, expected: 'an instant such as 2026-03-02T15:04:05Z' });
  }
  return new Date(epochMs).toISOString();
}

function listOf(cursor: string): readonly unknown[] {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}
