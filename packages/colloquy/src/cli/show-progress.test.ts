import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { progressFields, showProgress } from './show-progress.js';

function terminal(isTTY: boolean) {
  const written: string[] = [];
  const stream = new Writable({ write: (chunk, _, done) => (written.push(String(chunk)), done()) });
  return { written, stream: Object.assign(stream, { isTTY, columns: 80, cursorTo: () => true, clearLine: () => true, moveCursor: () => true }) };
}

describe('showProgress', () => {
  it('tells rate and time left', () => {
    expect(progressFields(300, 0.25, 2_000)).toEqual({ messages: 300, rate: '150', left: '6 s' });
    expect(progressFields(300, 0.01, 2_000)).toEqual({ messages: 300, rate: '150', left: '3 min 18 s' });
    expect(progressFields(10, undefined, 1_000)).toEqual({ messages: 10, rate: '10', left: '?' });
  });

  it('shows a bar on a terminal once the work takes long', () => {
    const { stream, written } = terminal(true);
    let nowMs = 0;
    const progress = showProgress({ stream, now: () => nowMs });
    progress.update(5, 0.1);
    expect(written).toEqual([]);
    nowMs = 2_000;
    progress.update(100, 0.5);
    progress.stop();
    expect(written.join('')).toContain('50% | 100 messages | 50/s | 2 s left');
  });

  it('writes nothing where there is no terminal, or it is not wanted', () => {
    for (const [isTTY, isWanted] of [[false, true], [true, false]] as const) {
      const { stream, written } = terminal(isTTY);
      let nowMs = 0;
      const progress = showProgress({ stream, isWanted, now: () => (nowMs += 5_000) });
      progress.update(1, 0.5);
      progress.stop();
      expect(written).toEqual([]);
    }
  });
});
