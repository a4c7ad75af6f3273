import type { Clock } from '@colloquy/core';
import type { DeliveryStatus } from '@colloquy/stream';
import type { DeliveryStatus as HttpDeliveryStatus } from '../http/http-api-parts.js';

export interface HttpStateParts {
  readonly clock: Clock;
  status(): Pick<DeliveryStatus, 'state' | 'inFlight' | 'isHeldBack' | 'lastSettledAt' | 'dependencies'>;
  isStopping(): boolean;
}

/** Work that waits for so long while none gets done counts as stalled. */
const stalledAfterMs = 60_000;

/** Tells HTTP of the delivery. It remembers when it last saw nothing to do, so that the first message after a pause is not taken for an old one. */
export function httpState({ clock, status, isStopping }: HttpStateParts): () => HttpDeliveryStatus {
  let idleAtMs = clock.now();
  return () => {
    const { state, inFlight, isHeldBack, lastSettledAt, dependencies } = status();
    const now = clock.now();
    if (state !== 'running' || (inFlight === 0 && !isHeldBack)) idleAtMs = now;
    const isStalled = now - Math.max(idleAtMs, lastSettledAt === undefined ? 0 : Date.parse(lastSettledAt)) > stalledAfterMs;
    return {
      state: state === 'new' ? (isStopping() ? 'stopped' : 'starting') : isStalled ? 'stalled' : state,
      inFlight,
      dependencies: Object.fromEntries(
        Object.entries(dependencies).map(([name, { isUp, since, code }]) => [name, { status: isUp ? 'up' : 'down', since, ...(code === undefined ? {} : { code }) }]),
      ),
    };
  };
}
