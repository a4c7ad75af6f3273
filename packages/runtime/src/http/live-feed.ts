import type { StoredMessage } from '@colloquy/core';
import type { LiveFeed } from './http-api-parts.js';

/** A live feed within one process: what is published goes to all who subscribed, in that order. Nothing is kept. */
export function liveFeed(): LiveFeed & { publish(messages: readonly StoredMessage[]): void } {
  const listeners = new Set<(messages: readonly StoredMessage[]) => void>();
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    publish: (messages) => {
      if (messages.length > 0) for (const listener of listeners) listener(messages);
    },
  };
}
