import { describe, expect, it } from 'vitest';
import { httpState } from './http-state.js';

const now = Date.parse('2026-03-02T15:10:00Z');
const running = { state: 'running', inFlight: 3, isHeldBack: false, lastSettledAt: '2026-03-02T15:00:00Z' } as const;

describe('httpState', () => {
  it('is starting until the source is read, and stopped when asked to stop before', () => {
    expect(httpState({ ...running, state: 'new' }, now, false)).toEqual({ state: 'starting', inFlight: 3 });
    expect(httpState({ ...running, state: 'new' }, now, true).state).toBe('stopped');
  });

  it('is stalled when work is held back and none got done for a minute', () => {
    expect(httpState({ ...running, isHeldBack: true }, now, false).state).toBe('stalled');
    expect(httpState({ ...running, isHeldBack: true, lastSettledAt: '2026-03-02T15:09:30Z' }, now, false).state).toBe('running');
    expect(httpState({ ...running, isHeldBack: true, inFlight: 0 }, now, false).state).toBe('running');
    expect(httpState(running, now, false).state).toBe('running');
  });

  it.each(['draining', 'stopped'] as const)('passes %s on', (state) => {
    expect(httpState({ ...running, state }, now, false).state).toBe(state);
  });
});
