import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

export interface Peer {
  readonly name: string;
  /** What it is needed for. */
  readonly use: string;
}

/** The optional packages, sorted by what they are for. */
export const peers: readonly Peer[] = [
  { name: 'eld', use: 'identify-language@1' },
  { name: '@nlpjs/basic', use: 'classify-intent@1' },
  { name: 'compromise', use: 'extract-entities@1' },
  { name: 'chrono-node', use: 'extract-entities@1' },
  { name: 'libphonenumber-js', use: 'extract-entities@1' },
  { name: 'linkify-it', use: 'extract-entities@1' },
  { name: 'sentiment', use: 'score-sentiment@1' },
  { name: 'sharp', use: 'process-media@1' },
  { name: 'file-type', use: 'process-media@1' },
  { name: 'fluent-ffmpeg', use: 'sound and film in process-media@1' },
  { name: 'libsql', use: 'the embedded log and store' },
  { name: 'pino', use: 'logs of the runner' },
  { name: 'prom-client', use: 'metrics of the runner' },
  { name: 'kafkajs', use: 'Kafka' },
  { name: 'mongodb', use: 'MongoDB' },
];

/** The version of a package as seen from `folder`, or from this package; `undefined` where it is not installed. */
export function installedVersion(name: string, folder: string): string | undefined {
  const paths = [createRequire(join(folder, 'any.js')), createRequire(import.meta.url)].flatMap((require) => require.resolve.paths(name) ?? []);
  const manifest = paths.map((path) => join(path, name, 'package.json')).find((path) => existsSync(path));
  return manifest === undefined ? undefined : (JSON.parse(readFileSync(manifest, 'utf8')) as { readonly version: string }).version;
}
