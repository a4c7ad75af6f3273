import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Pipeline, MediaStore } from '@colloquy/core';
import { folderMediaStore } from '@colloquy/io/files';
import { buildPipeline, stagePorts } from '@colloquy/runtime';
import type { CliContext } from './cli-context.js';
import { readConfig, type FoundConfig } from './read-config.js';

export interface OpenedPipeline {
  readonly pipeline: Pipeline;
  readonly found: FoundConfig;
  readonly media: MediaStore;
}

export interface WithPipelineOptions {
  /** Where media is kept. Default: a temporary folder that is removed afterwards. */
  readonly mediaDir?: string | undefined;
}

/** Opens the pipeline of a configuration, works with it and closes it. Throws what readConfig and buildPipeline throw. */
export async function withPipeline<T>(
  context: CliContext,
  config: string | undefined,
  work: (opened: OpenedPipeline) => Promise<T>,
  options: WithPipelineOptions = {},
): Promise<T> {
  const found = await readConfig(context, config);
  const temporary = options.mediaDir === undefined ? await mkdtemp(join(tmpdir(), 'colloquy-')) : undefined;
  const media = folderMediaStore({ dir: options.mediaDir ?? (temporary as string) });
  try {
    const pipeline = await buildPipeline(found.loaded, { baseDir: found.baseDir, ports: stagePorts(found.loaded.config, { baseDir: found.baseDir, media }) });
    try {
      return await work({ pipeline, found, media });
    } finally {
      await pipeline.close();
    }
  } finally {
    await media.close();
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true });
  }
}
