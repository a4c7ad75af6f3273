import type { ConversationSummary } from '@colloquy/core';
import type { ConversationFilter } from '@colloquy/contracts';
import type { Database } from './database.js';
import type { SqlValue } from './sql.js';

/** Summaries by newest activity, then by id downwards. Reads one index in that order, whatever the filter. */
export function listConversations(database: Database, { facets, from = '', to, after, limit }: ConversationFilter): ConversationSummary[] {
  const before = earlier(to === undefined ? undefined : { at: to, id: '' }, after);
  const range: readonly SqlValue[] = [from, before.at, before.id];
  const [first, ...others] = facets;
  const rows =
    first === undefined
      ? database.sql(anyConversation).all<{ body: string }>(...range, limit)
      : database.sql(withFacets(others.length)).all<{ body: string }>(first, ...range, ...others, limit);
  return rows.map(({ body }) => JSON.parse(body) as ConversationSummary);
}

const anyConversation = 'SELECT body FROM conversations WHERE last_at >= ? AND (last_at, id) < (?, ?) ORDER BY last_at DESC, id DESC LIMIT ?';

/** Walks the rows of the first facet; whether a conversation has another one is a look-up by the whole key. */
function withFacets(others: number): string {
  const also = ' AND EXISTS (SELECT 1 FROM facets g WHERE g.facet = ? AND g.last_at = f.last_at AND g.conversation = f.conversation)';
  return (
    'SELECT c.body FROM facets f CROSS JOIN conversations c ON c.id = f.conversation' +
    ` WHERE f.facet = ? AND f.last_at >= ? AND (f.last_at, f.conversation) < (?, ?)${also.repeat(others)}` +
    ' ORDER BY f.last_at DESC, f.conversation DESC LIMIT ?'
  );
}

interface Key {
  readonly at: string;
  readonly id: string;
}

/** The earlier of two upper bounds; beyond any instant where there is none. An empty id stands before all ids of its instant. */
function earlier(one: Key | undefined, other: Key | undefined): Key {
  if (one === undefined || other === undefined) return one ?? other ?? { at: '~', id: '' };
  return one.at <= other.at ? one : other;
}
