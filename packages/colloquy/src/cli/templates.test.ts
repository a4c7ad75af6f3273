import { parseMessage } from '@colloquy/core';
import { defaultPipeline, loadConfig } from '@colloquy/runtime';
import { describe, expect, it } from 'vitest';
import { configTemplate, messagesTemplate } from './templates.js';

describe('what init writes', () => {
  it('is a sound configuration that names the default pipeline', () => {
    const { config, problems } = loadConfig(configTemplate, { env: { COLLOQUY_PORT: '0' } });
    expect(problems).toEqual([]);
    expect(config.pipeline).toEqual([...defaultPipeline]);
    expect(config.http.port).toBe(0);
    expect(config.tests).toHaveLength(2);
  });

  it('shows services that work when they are uncommented', () => {
    const { config, problems } = loadConfig(configTemplate.replace(/^# (source|store):/gm, '$1:'), { env: { KAFKA_BROKERS: 'a:1,b:2' } });
    expect(problems).toEqual([]);
    expect(config.source).toMatchObject({ kind: 'kafka', brokers: ['a:1', 'b:2'] });
    expect(config.store).toMatchObject({ kind: 'mongodb', uri: 'mongodb://127.0.0.1:27017/' });
  });

  it('has messages that are messages, each with an id of its own', () => {
    const messages = messagesTemplate.trimEnd().split('\n').map((line) => parseMessage(JSON.parse(line)));
    expect(new Set(messages.map(({ id }) => id)).size).toBe(messages.length);
    expect(messages.length).toBe(5);
  });
});
