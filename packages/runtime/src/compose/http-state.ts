import type { DeliveryStatus } from '@colloquy/stream';
import type { DeliveryStatus as HttpDeliveryStatus } from '../http/http-api-parts.js';

/** Work that is held back for so long counts as stalled. */
const stalledAfterMs = 60_000;

/** What HTTP tells of the delivery. */
export function httpState(status: Pick<DeliveryStatus, 'state' | 'inFlight' | 'isHeldBack' | 'lastSettledAt'>, now: number, isStopping: boolean): HttpDeliveryStatus {
  const { inFlight, isHeldBack, lastSettledAt } = status;
  const isStalled = isHeldBack && inFlight > 0 && lastSettledAt !== undefined && now - Date.parse(lastSettledAt) > stalledAfterMs;
  const state = status.state === 'new' ? (isStopping ? 'stopped' : 'starting') : status.state === 'running' && isStalled ? 'stalled' : status.state;
  return { state, inFlight };
}
