import { afterEach, expect, it, vi } from 'vitest';
import { needsTool } from './needs-tool.js';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

it('finds a program that is there', () => {
  vi.stubEnv('CI', 'true');
  expect(needsTool('node')).toBe(true);
});

it('prints the reason where one is absent', () => {
  vi.stubEnv('CI', '');
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  expect(needsTool('node', 'no-such-program')).toBe(false);
  expect(warn).toHaveBeenCalledWith('Skipped: no no-such-program on the PATH. Install no-such-program to run these tests.');
});

it('fails in CI where one is absent', () => {
  vi.stubEnv('CI', 'true');
  expect(() => needsTool('no-such-program')).toThrow('with CI=true these tests must run');
});

it('does not take a folder of that name for a program', () => {
  vi.stubEnv('CI', '');
  vi.stubEnv('PATH', '/');
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  expect(needsTool('usr')).toBe(false);
});
