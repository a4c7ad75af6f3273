import { resolve } from 'node:path';
import type { MediaStore, StagePorts } from '@colloquy/core';
import { ffmpegAudioVideo } from '@colloquy/io/ffmpeg';
import type { Config } from '../config/config-schema.js';

export interface StagePortsOptions {
  readonly media: MediaStore;
  /** Folder that paths of the configuration are relative to. */
  readonly baseDir: string;
}

/** What stages may reach outside themselves, as configured. */
export function stagePorts(config: Config, { media, baseDir }: StagePortsOptions): StagePorts {
  const path = (program: string) => (/[\\/]/.test(program) ? resolve(baseDir, program) : program);
  const { ffmpegPath, ffprobePath, timeoutMs } = config.ffmpeg;
  return { media, audioVideo: ffmpegAudioVideo({ ffmpegPath: path(ffmpegPath), ffprobePath: path(ffprobePath), timeoutMs }) };
}
