import { describe, expect, it } from 'vitest';
import { pinoLogger } from './pino-logger.js';

async function logged(level: 'debug' | 'info' | 'warn' | 'error' | 'silent' | undefined, write: (log: Awaited<ReturnType<typeof pinoLogger>>) => void) {
  const lines: string[] = [];
  write(await pinoLogger({ ...(level === undefined ? {} : { level }), destination: { write: (line: string) => lines.push(line) } }));
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe('pinoLogger', () => {
  it('writes one JSON object a line with level, time, event and fields', async () => {
    const lines = await logged(undefined, (log) => {
      log.debug('unseen');
      log.info('http.request', { correlationId: 'c-1', status: 202, ok: true, route: undefined });
    });
    expect(lines).toEqual([{ level: 'info', time: expect.any(String), pid: process.pid, event: 'http.request', correlationId: 'c-1', status: 202, ok: true }]);
    expect(Math.abs(Date.parse(String(lines[0]?.['time'])) - Date.now())).toBeLessThan(5_000);
  });

  it('masks phone numbers in every string, and leaves numbers', async () => {
    const [line] = await logged('debug', (log) => log.warn('seen_5512345678', { conversationId: '+52 55 1234 5678', correlationId: '5512345678', offset: 12345678 }));
    expect(line).toMatchObject({ level: 'warn', event: 'seen_***5678', conversationId: '+***5678', correlationId: '***5678', offset: 12345678 });
  });

  it('keeps its own fields apart from those of the caller', async () => {
    const [line] = await logged('error', (log) => log.error('failed', { level: 'x', time: 'y', event: 'z' }));
    expect(line).toMatchObject({ level: 'error', event: 'failed', field_level: 'x', field_time: 'y', field_event: 'z' });
  });

  it('says nothing when silent', async () => {
    expect(await logged('silent', (log) => log.error('failed'))).toEqual([]);
  });
});
