import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { colloquyError, type AudioVideo, type AudioVideoProbe } from '@colloquy/core';
import type fluentFfmpeg from 'fluent-ffmpeg';
import { fluentCommands, type FluentCommands } from './fluent-commands.js';
import { superviseTool, type ToolLimits } from './supervise-tool.js';
import { withTempFile } from './with-temp-file.js';

export interface FfmpegAudioVideoOptions {
  /** Default: `ffmpeg` on the PATH. */
  readonly ffmpegPath?: string;
  /** Default: `ffprobe` on the PATH. */
  readonly ffprobePath?: string;
  /** For each call of a program, after which it is killed and MEDIA_TIMEOUT thrown. Default: 20,000. */
  readonly timeoutMs?: number;
  /** Where the bytes lie while a program reads them, readable by the owner only. Default: the system's folder for temporary files. */
  readonly tempDir?: string;
}

/**
 * The AudioVideo port through ffmpeg and ffprobe, by way of the package fluent-ffmpeg. No shell is used; the programs may read
 * nothing but the given bytes, and only as one of the usual containers of sound and film. Starts no process before it is needed.
 */
export function ffmpegAudioVideo(options: FfmpegAudioVideoOptions = {}): AudioVideo {
  const { ffmpegPath = 'ffmpeg', ffprobePath = 'ffprobe', timeoutMs = 20_000, tempDir = tmpdir() } = options;
  let commands: Promise<FluentCommands> | undefined;
  const load = (): Promise<FluentCommands> => {
    commands ??= loadFluent().then((fluent) => fluentCommands(fluent, { ffmpegPath, ffprobePath }));
    return commands;
  };
  const limits = (tool: string, signal: AbortSignal): ToolLimits => ({ tool, timeoutMs, signal });

  return {
    probe: async (bytes, signal) => {
      signal.throwIfAborted();
      const { probe } = await load();
      const found = await withTempFile(tempDir, bytes, ({ path }) =>
        superviseTool(limits('ffprobe', signal), (onChild) => probe(path, [...guards, ...probeEntries], onChild)),
      );
      return outline(found);
    },
    frame: async (bytes, atMs, signal) => {
      signal.throwIfAborted();
      const { run } = await load();
      return withTempFile(tempDir, bytes, async ({ path, dir }) => {
        const picture = join(dir, 'frame.png');
        const before = ['-nostdin', '-v', 'error', ...guards, '-threads', '1', '-ss', (Math.max(0, atMs) / 1000).toFixed(3)];
        await superviseTool(limits('ffmpeg', signal), (onChild) => run(path, before, picture, frameOptions, onChild));
        return readFrame(picture);
      });
    },
  };
}

/**
 * A playlist (HLS, DASH, concat) named like a film makes ffmpeg read the files and addresses it lists; the protocol list alone
 * still lets it read local files. So only containers that hold their own data are taken.
 */
const guards = [
  ...['-protocol_whitelist', 'file,pipe'],
  ...['-format_whitelist', 'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,ogg,mp3,wav,aac,flac,amr,aiff,caf,avi,asf,flv,mpeg,mpegts'],
];

/** No tags: their text is the sender's, and ffprobe's line format lets it forge the lines of other fields. */
const probeEntries = [
  ...['-v', 'error', '-show_entries'],
  'format=duration:format_tags=:stream=codec_type,codec_name,width,height,sample_rate,channels:stream_tags=:stream_disposition=attached_pic:stream_side_data=rotation',
];

const frameOptions = ['-map', '0:V:0', '-frames:v', '1', '-an', '-sn', '-dn', '-map_metadata', '-1', '-c:v', 'png', '-f', 'image2', '-update', '1'];

async function loadFluent(): Promise<typeof fluentFfmpeg> {
  try {
    return (await import('fluent-ffmpeg')).default;
  } catch (error) {
    throw colloquyError('MEDIA_TOOL_MISSING', { tool: 'package fluent-ffmpeg (npm install fluent-ffmpeg)' }, error);
  }
}

function outline(found: fluentFfmpeg.FfprobeData): AudioVideoProbe {
  const seconds = Number(found.format.duration);
  const video = found.streams.find((stream) => stream.codec_type === 'video' && !isCover(stream));
  const audio = found.streams.find((stream) => stream.codec_type === 'audio');
  if (video === undefined && audio === undefined) throw colloquyError('MEDIA_CORRUPT', { mimeType: 'file without sound and film' });
  return {
    ...(seconds > 0 ? { durationMs: Math.round(seconds * 1000) } : {}),
    ...(video === undefined ? {} : { video: { codec: video.codec_name ?? 'unknown', ...shownSize(video) } }),
    ...(audio === undefined
      ? {}
      : { audio: { codec: audio.codec_name ?? 'unknown', sampleRateHz: Number(audio.sample_rate) || 0, channels: Number(audio.channels) || 0 } }),
  };
}

/** The picture of an album in a sound file. */
function isCover(stream: fluentFfmpeg.FfprobeStream): boolean {
  return Number(stream.disposition?.['attached_pic']) === 1;
}

function shownSize(stream: fluentFfmpeg.FfprobeStream): { readonly widthPx: number; readonly heightPx: number } {
  const [width, height] = [Number(stream.width) || 0, Number(stream.height) || 0];
  const isTurned = Math.abs(Number(stream.rotation) || 0) % 180 === 90;
  return isTurned ? { widthPx: height, heightPx: width } : { widthPx: width, heightPx: height };
}

async function readFrame(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (error) {
    throw colloquyError('MEDIA_CORRUPT', { mimeType: 'film without a picture at the place asked for' }, error);
  }
}
