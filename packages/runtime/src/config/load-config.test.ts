import type { ColloquyError } from '@colloquy/core';
import { deliveryDefaults } from '@colloquy/stream';
import { describe, expect, it } from 'vitest';
import { defaultPipeline } from './config-schema.js';
import { loadConfig } from './load-config.js';
import type { Environment } from './substitute-variables.js';

function refused(text: string, env: Environment = {}): readonly ColloquyError[] {
  const { problems } = loadConfig(text, { env });
  expect(problems).not.toEqual([]);
  return problems;
}
const brief = (text: string, env?: Environment) => refused(text, env).map(({ code, details }) => [code, details['path'], details['problem'] ?? details['variable']]);

describe('loadConfig', () => {
  it('takes an empty file as the embedded default', () => {
    const { config } = loadConfig('');
    expect(config).toMatchObject({
      version: 1,
      pipeline: [...defaultPipeline],
      dataDir: '.colloquy',
      source: { kind: 'embedded' },
      store: { kind: 'embedded' },
      media: { kind: 'folder' },
      enriched: { kind: 'none' },
      http: { host: '127.0.0.1', port: 8080 },
      tests: [],
    });
  });

  it('reads every form of pipeline entry', () => {
    const { config } = loadConfig(`
pipeline:
  - identify-language@1
  - classify-intent@1: { threshold: 0.4 }
  - parallel: [extract-entities@1, { optional: score-sentiment@1 }]
  - deadline: { ms: 500, stage: { when: { direction: inbound, language: es, stage: process-media@1 } } }
`);
    expect(config.pipeline).toEqual([
      'identify-language@1',
      { 'classify-intent@1': { threshold: 0.4 } },
      { parallel: ['extract-entities@1', { optional: 'score-sentiment@1' }] },
      { deadline: { ms: 500, stage: { when: { direction: 'inbound', language: 'es', stage: 'process-media@1' } } } },
    ]);
  });

  it('tells all problems at once, with path and line', () => {
    const problems = brief(`version: 1
budgetMs: fast
source: { kind: kafak }
htttp: { port: 1 }
http:
  port: 70000
  hots: x
pipeline:
  - deadline: { ms: 0, stage: identify-language@1 }
  - deadlin: { ms: 1, stage: identify-language@1 }
  - when: { stage: identify-language@1 }
  - identify-language
tests:
  - { name: both, text: a, message: {} }
`);
    expect(problems).toEqual([
      ['CONFIG_INVALID', 'pipeline.0.deadline.ms', 'too small: expected number to be >0 (line 9)'],
      ['CONFIG_INVALID', 'pipeline.1', expect.stringMatching(/^found an object; expected a stage such as classify-intent@1.*\(line 10\)$/)],
      ['CONFIG_INVALID', 'pipeline.2.when', 'expected at least one condition besides stage (line 11)'],
      ['CONFIG_INVALID', 'pipeline.3', 'found "identify-language"; expected a stage id with its version, such as classify-intent@1 (line 12)'],
      ['CONFIG_INVALID', 'budgetMs', 'found "fast"; expected a number (line 2)'],
      ['CONFIG_INVALID', 'source.kind', 'found "kafak"; expected embedded, kafka, files (line 3)'],
      ['CONFIG_INVALID', 'http.port', 'too big: expected number to be <=65535 (line 6)'],
      ['CONFIG_INVALID', 'http.hots', 'found an unknown key; expected only documented ones (line 7)'],
      ['CONFIG_INVALID', 'tests.0', 'expected either text or message (line 14)'],
      ['CONFIG_INVALID', 'htttp', 'found an unknown key; expected only documented ones (line 4)'],
    ]);
  });

  it('tells where YAML is broken', () => {
    expect(() => loadConfig('version: 1\nsource: [1, 2\n')).toThrow(expect.objectContaining({ code: 'CONFIG_NOT_YAML', kind: 'config', details: expect.objectContaining({ line: 3 }) }));
    expect(() => loadConfig('version: 1\nversion: 1\n')).toThrow(expect.objectContaining({ code: 'CONFIG_NOT_YAML', details: expect.objectContaining({ line: 2 }) }));
    expect(brief('- a\n- b\n')).toEqual([['CONFIG_INVALID', '(top level)', 'found a list; expected an object']]);
  });

  it('fills variables and turns their text into what the field wants', () => {
    const text = `
dataDir: \${DIR:-data}/x
http: { port: '\${PORT}', enabled: '\${HTTP}' }
source: { kind: kafka, brokers: '\${BROKERS}', groupId: '\${GROUP}' }
tests: [{ name: price, text: '$\${NOT_A_VARIABLE}' }]
`;
    const { config, fromEnvironment } = loadConfig(text, { env: { DIR: '', PORT: '0', HTTP: 'false', BROKERS: 'a:1, b:2', GROUP: '42' } });
    expect(config).toMatchObject({
      dataDir: 'data/x',
      http: { port: 0, enabled: false },
      source: { brokers: ['a:1', 'b:2'], groupId: '42' },
      tests: [{ text: '${NOT_A_VARIABLE}' }],
    });
    expect(fromEnvironment).toContain('http.port');
  });

  it('tells every missing variable, and text that is no number', () => {
    expect(brief('dataDir: ${A}\nhttp: { port: "${B}", host: "${C}" }', { B: 'x' })).toEqual([
      ['CONFIG_VARIABLE_MISSING', 'dataDir', 'A'],
      ['CONFIG_VARIABLE_MISSING', 'http.host', 'C'],
      ['CONFIG_INVALID', 'http.port', 'found "x"; expected a number (line 2)'],
    ]);
  });

  it('keeps the sound keys of a file with problems', () => {
    const { config } = loadConfig('budgetMs: 5\nhttp: { port: x }\npipeline: [identify-language@1]');
    expect(config).toMatchObject({ budgetMs: 5, http: { port: 8080 }, pipeline: ['identify-language@1'] });
  });

  it('does not repeat what could be a secret', () => {
    const [problem] = refused('budgetMs: ${SECRET}', { SECRET: 'hunter2 and more' });
    expect(problem?.message).not.toContain('hunter2');
  });

  it('refuses media in a database that is not there', () => {
    expect(brief('media: { kind: mongodb }')).toEqual([['CONFIG_INVALID', 'media.kind', 'found mongodb; expected store.kind to be mongodb too (line 1)']]);
  });
});

describe('the defaults', () => {
  it('of delivery are those of the engine', () => {
    expect(loadConfig('').config.delivery).toEqual(deliveryDefaults);
  });
});
