import { describe, expect, it } from 'vitest';
import { readEnvironment } from './env.js';

describe('readEnvironment', () => {
  it('takes --config before COLLOQUY_CONFIG before colloquy.yaml', () => {
    const variables = { COLLOQUY_CONFIG: 'b.yaml' };
    expect(readEnvironment(['--config', 'a.yaml'], variables)).toEqual({ configPath: 'a.yaml', isNamed: true, isDebug: false, variables });
    expect(readEnvironment([], variables)).toMatchObject({ configPath: 'b.yaml', isNamed: true });
    expect(readEnvironment([], {})).toEqual({ configPath: 'colloquy.yaml', isNamed: false, isDebug: false, variables: {} });
    expect(readEnvironment(['--debug'], {}).isDebug).toBe(true);
  });

  it.each([[['--confg', 'x']], [['x.yaml']], [['--config']]])('throws for %j', (args) => {
    expect(() => readEnvironment(args, {})).toThrow(TypeError);
  });
});
