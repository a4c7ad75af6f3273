import type { StoredMessage } from '@colloquy/core';

/** What was understood, counted. */
export interface DemoTally {
  add(message: StoredMessage): void;
  readonly messages: number;
  readonly conversations: number;
  has(id: string): boolean;
  /** Lines `name: value count · …`, most frequent first. */
  lines(): readonly string[];
}

export function demoTally(): DemoTally {
  const ids = new Set<string>();
  const conversations = new Set<string>();
  const counts = { languages: new Map<string, number>(), intents: new Map<string, number>(), sentiment: new Map<string, number>(), entities: new Map<string, number>(), media: new Map<string, number>(), faults: new Map<string, number>() };
  return {
    add: ({ id, conversationId, direction, ann, faults }) => {
      if (ids.has(id)) return;
      ids.add(id);
      conversations.add(conversationId);
      count(counts.languages, ann.language?.code);
      if (direction === 'inbound') {
        count(counts.intents, ann.intent?.name);
        count(counts.sentiment, ann.sentiment?.label);
      }
      for (const { type } of ann.entities?.items ?? []) count(counts.entities, type);
      for (const { kind, verdict } of ann.media?.items ?? []) count(counts.media, `${kind} ${verdict}`);
      for (const { code } of faults) count(counts.faults, code);
    },
    get messages() {
      return ids.size;
    },
    get conversations() {
      return conversations.size;
    },
    has: (id) => ids.has(id),
    lines: () => Object.entries(counts).map(([name, values]) => `${name.padEnd(10)} ${show(values)}`),
  };
}

function count(counts: Map<string, number>, value: string | undefined): void {
  if (value !== undefined) counts.set(value, (counts.get(value) ?? 0) + 1);
}

function show(counts: ReadonlyMap<string, number>): string {
  const sorted = [...counts].sort(([a, left], [b, right]) => right - left || (a < b ? -1 : 1));
  return sorted.length === 0 ? 'none' : sorted.map(([value, times]) => `${value} ${times}`).join(' · ');
}
