import { colloquyError, isColloquyError, type AudioVideo, type AudioVideoProbe, type ColloquyError, type MediaKind } from '@colloquy/core';

export interface Film {
  readonly kind?: MediaKind;
  readonly durationMs?: number;
  readonly codec?: string;
  readonly widthPx?: number;
  readonly heightPx?: number;
  /** PNG, as shown one second after the start, or halfway through what is shorter than two. */
  readonly frame?: Uint8Array;
  /** Why something is absent: MEDIA_TOOL_MISSING or MEDIA_TIMEOUT. */
  readonly incomplete?: ColloquyError;
}

/**
 * Looks into sound or film. The kind follows from the streams: with pictures it is `video`, else `audio`.
 * Throws MEDIA_CORRUPT, MEDIA_TOO_MANY_PIXELS and the signal's reason.
 */
export async function processFilm(
  audioVideo: AudioVideo | undefined,
  bytes: Uint8Array,
  { mimeType, maxPixels, signal }: { readonly mimeType: string; readonly maxPixels: number; readonly signal: AbortSignal },
): Promise<Film> {
  if (audioVideo === undefined) return { incomplete: colloquyError('MEDIA_TOOL_MISSING', { tool: 'port audioVideo' }) };
  const probed = await told(mimeType, () => audioVideo.probe(bytes, signal));
  if ('incomplete' in probed) return probed;
  const facts = factsOf(probed.value);
  const { video, durationMs = 0 } = probed.value;
  if (video === undefined) return facts;
  const pixels = video.widthPx * video.heightPx;
  if (pixels > maxPixels) throw colloquyError('MEDIA_TOO_MANY_PIXELS', { pixels, maxPixels });
  const frame = await told(mimeType, () => audioVideo.frame(bytes, Math.min(1000, Math.floor(durationMs / 2)), signal));
  return 'incomplete' in frame ? { ...facts, ...frame } : { ...facts, frame: frame.value };
}

function factsOf({ video, audio, durationMs }: AudioVideoProbe): Film {
  const codec = video?.codec ?? audio?.codec;
  return {
    kind: video === undefined ? 'audio' : 'video',
    ...(durationMs === undefined ? {} : { durationMs }),
    ...(codec === undefined ? {} : { codec }),
    ...(video === undefined ? {} : { widthPx: video.widthPx, heightPx: video.heightPx }),
  };
}

async function told<T>(mimeType: string, ask: () => Promise<T>): Promise<{ readonly value: T } | { readonly incomplete: ColloquyError }> {
  try {
    return { value: await ask() };
  } catch (error) {
    if (!isColloquyError(error)) throw error;
    if (error.code === 'MEDIA_CORRUPT') throw colloquyError('MEDIA_CORRUPT', { mimeType }, error);
    if (error.code === 'MEDIA_TOOL_MISSING' || error.code === 'MEDIA_TIMEOUT') return { incomplete: error };
    throw error;
  }
}
