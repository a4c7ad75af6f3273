import { describe, expect, it } from 'vitest';
import { safeFrames } from './safe-frames.js';

const text = 'no route\n    at Calle Reforma 12, soy Ana\n    at Ana (file:///casa.js:1:2)';

describe('safeFrames', () => {
  it('tells the frames, innermost first, and nothing of a message that looks like some', () => {
    const frames = safeFrames(new TypeError(text));
    expect(frames[0]).toMatch(/^at .*safe-frames\.test\.ts:\d+:\d+\)?$/);
    expect(frames.length).toBeLessThanOrEqual(20);
    expect(frames.join()).not.toMatch(/Reforma|Ana/);
  });

  it('knows the codes that Node writes behind the name', () => {
    const error = new Error(text);
    error.stack = `TypeError [ERR_X]: ${text}\n    at run (node:internal/a:3:4)\n    at async Promise.all (index 0)`;
    expect(safeFrames(error)).toEqual(['at run (node:internal/a:3:4)', 'at async Promise.all (index 0)']);
  });

  it.each(['', 'other'])('tells nothing where the message became %j after the stack was made', (message) => {
    const error = new Error(text);
    error.stack = `Error: ${text}\n    at a (file:///a.js:1:2)`;
    expect(safeFrames(Object.assign(error, { message }))).toEqual([]);
  });

  it('ends at the first line that is no frame', () => {
    const error = new Error('x');
    error.stack = `Error: x\n    at a (file:///a.js:1:2)\nCaused by: ${text}`;
    expect(safeFrames(error)).toEqual(['at a (file:///a.js:1:2)']);
    error.message = '';
    error.stack = 'Error\n    at a (file:///a.js:1:2)';
    expect(safeFrames(error)).toEqual(['at a (file:///a.js:1:2)']);
    error.stack = undefined as unknown as string;
    expect(safeFrames(error)).toEqual([]);
  });
});
