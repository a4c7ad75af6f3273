import { colloquyError } from '@colloquy/core';
import { describe, expect, it } from 'vitest';
import { reportError } from './report-error.js';

const text = 'connect failed\n    at Calle Reforma 12, soy Ana';
const told = (error: unknown, isDebug = false) => {
  const lines: string[] = [];
  const exitCode = reportError(error, { isDebug }, (line) => void lines.push(line));
  return { exitCode, output: lines.join('\n') };
};

describe('reportError', () => {
  it('tells name, code and frames of a foreign error, its text only in debug', () => {
    const error = Object.assign(new TypeError(text), { code: 'E_ODD' });
    const { exitCode, output } = told(error);
    expect(exitCode).toBe(1);
    expect(output).toMatch(/1 problem\.\nTypeError E_ODD\n {4}at .*report-error\.test\.ts:\d+/);
    expect(output).not.toMatch(/connect failed|Reforma|Ana/);
    expect(told(error, true).output).toContain('soy Ana');
    expect(told(text).output).not.toContain('Ana');
  });

  it('tells the problems of a refused configuration, and those beside a foreign one', () => {
    const problem = colloquyError('STORE_IN_USE', { dir: 'd' });
    expect(told(problem)).toEqual({ exitCode: 78, output: `The runner cannot start or go on: 1 problem.\nSTORE_IN_USE ${problem.message}` });
    const both = told(new AggregateError([problem, new Error(text)]));
    expect(both.output).toContain('2 problems');
    expect(both.output).toContain('STORE_IN_USE');
    expect(both.output).not.toContain('Ana');
  });
});
