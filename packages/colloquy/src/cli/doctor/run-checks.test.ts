import { describe, expect, it } from 'vitest';
import { installedVersion } from './peers.js';
import { checkNode } from './run-checks.js';

describe('checkNode', () => {
  it.each([
    ['20.19.0', 'ok'],
    ['20.20.2', 'ok'],
    ['22.0.0', 'ok'],
    ['24.1.0', 'ok'],
    ['20.18.9', 'fail'],
    ['18.20.0', 'fail'],
  ])('%s: %s', (node, state) => {
    expect(checkNode(node).state).toBe(state);
  });
});

describe('installedVersion', () => {
  it('finds packages, scoped ones too, and tells what is not there', () => {
    expect(installedVersion('pino', import.meta.dirname)).toMatch(/^10\./);
    expect(installedVersion('@nlpjs/basic', import.meta.dirname)).toMatch(/^4\./);
    expect(installedVersion('no-such-package-here', import.meta.dirname)).toBeUndefined();
  });
});
