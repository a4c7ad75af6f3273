import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { model } from './index.js';

const file = (name: string) => readFileSync(new URL(`../${name}`, import.meta.url));

describe('@colloquy/model-intent-service-chat-nlpjs', () => {
  it('reads its weights and finds them as the manifest says', async () => {
    const bytes = await model.read('weights.json');
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(model.manifest.files['weights.json']);
    expect(bytes.length).toBeLessThan(1_000_000);
  });

  it('has 35 labels, out_of_scope among them, and the version of its package', () => {
    expect(new Set(model.manifest.labels).size).toBe(35);
    expect(model.manifest.labels).toContain('out_of_scope');
    expect(model.manifest.version).toBe((JSON.parse(file('package.json').toString()) as { version: string }).version);
  });

  it.each(['card.md', '../package.json', 'constructor', ''])('refuses to read %s', async (name) => {
    await expect(model.read(name)).rejects.toMatchObject({ code: 'MODEL_INVALID' });
  });

  it('says in the card what it scored', () => {
    const { scores } = model.manifest as unknown as { scores: { test: { accuracy: number; n: number } } };
    expect(file('card.md').toString()).toContain(`${(scores.test.accuracy * 100).toFixed(1)} %`);
    expect(file('card.md').toString()).toContain(`test (n = ${scores.test.n})`);
  });
});
