import type { Message } from '@colloquy/core';
import { fakeClock, memorySink } from '@colloquy/testing';
import { expect, it } from 'vitest';
import { acceptMessages } from './accept-messages.js';
import type { HttpContext } from './http-api-parts.js';

it('dates messages of one conversation that have no time so that they are read in the order sent', async () => {
  const inbound = memorySink();
  const clock = fakeClock();
  const message = (id: string, conversationId: string, at?: string) => ({ id, conversationId, text: id, ...(at === undefined ? {} : { at }) });
  await acceptMessages({ inbound, clock } as unknown as HttpContext, [message('z', 'c1'), message('a', 'c1'), message('other', 'c2'), message('m', 'c1')], 'x');
  const ats = inbound.all().map(({ value }) => (JSON.parse(new TextDecoder().decode(value)) as Message).at);
  const later = (ms: number) => new Date(clock.now() + ms).toISOString();
  expect(ats).toEqual([later(0), later(1), later(0), later(2)]);
});
