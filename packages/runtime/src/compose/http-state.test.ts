import { fakeClock } from '@colloquy/testing';
import { describe, expect, it } from 'vitest';
import { httpState, type HttpStateParts } from './http-state.js';

type Status = ReturnType<HttpStateParts['status']>;

const since = '2026-03-02T12:00:00.000Z';
const up = { isUp: true, since };
const running: Status = { state: 'running', inFlight: 3, isHeldBack: false, dependencies: { source: up, store: up, parking: up, 'dead-letters': up, enriched: up } };

/** Runs for `ranMs` before it is asked for the first time. */
async function after(ranMs: number, status: Status, isStopping = false) {
  const clock = fakeClock();
  const shown = { status };
  const state = httpState({ clock, status: () => shown.status, isStopping: () => isStopping });
  await clock.advance(ranMs);
  return { clock, shown, state };
}

describe('httpState', () => {
  it('is starting until the source is read, and stopped when asked to stop before', async () => {
    expect((await after(90_000, { ...running, state: 'new' })).state()).toMatchObject({ state: 'starting', inFlight: 3 });
    expect((await after(0, { ...running, state: 'new' }, true)).state().state).toBe('stopped');
  });

  it.each([
    ['in flight', { isHeldBack: false, inFlight: 1 }],
    ['held back', { isHeldBack: true, inFlight: 0 }],
  ])('is stalled when work is %s and none got done for a minute, though none ever was', async (_, work) => {
    expect((await after(60_000, { ...running, ...work })).state().state).toBe('running');
    const { clock, shown, state } = await after(60_001, { ...running, ...work });
    expect(state().state).toBe('stalled');
    shown.status = { ...shown.status, lastSettledAt: new Date(clock.now()).toISOString() };
    expect(state().state).toBe('running');
    await clock.advance(60_001);
    expect(state().state).toBe('stalled');
  });

  it('counts from when there was nothing to do', async () => {
    const { clock, shown, state } = await after(600_000, { ...running, inFlight: 0 });
    expect(state().state).toBe('running');
    await clock.advance(1_000);
    shown.status = running;
    expect(state().state).toBe('running');
    await clock.advance(60_000);
    expect(state().state).toBe('stalled');
  });

  it('names what is down', async () => {
    const dependencies = { ...running.dependencies, parking: { isUp: false, since, code: 'STORE_UNREACHABLE' } };
    expect((await after(0, { ...running, dependencies })).state().dependencies).toMatchObject({ store: { status: 'up', since }, parking: { status: 'down', since, code: 'STORE_UNREACHABLE' } });
  });

  it.each(['draining', 'stopped'] as const)('passes %s on', async (state) => {
    expect((await after(90_000, { ...running, state })).state().state).toBe(state);
  });
});
