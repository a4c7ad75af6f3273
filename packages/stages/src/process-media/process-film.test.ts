import { colloquyError, type AudioVideo, type AudioVideoProbe } from '@colloquy/core';
import { describe, expect, it } from 'vitest';
import { processFilm } from './process-film.js';

const bytes = Uint8Array.of(1);
const settings = { mimeType: 'video/mp4', maxPixels: 1_000_000, signal: new AbortController().signal };
const video = { codec: 'h264', widthPx: 320, heightPx: 240 };
const audio = { codec: 'aac', sampleRateHz: 16_000, channels: 1 };

/** Answers what it is given; the frame's one byte tells at which time it was asked for. */
function answering(probe: AudioVideoProbe | Error, frame?: Error): AudioVideo & { readonly askedAtMs: number[] } {
  const askedAtMs: number[] = [];
  return {
    askedAtMs,
    probe: async () => {
      if (probe instanceof Error) throw probe;
      return probe;
    },
    frame: async (_, atMs) => {
      askedAtMs.push(atMs);
      if (frame) throw frame;
      return Uint8Array.of(7);
    },
  };
}

describe('processFilm', () => {
  it.each([[60_000, 1000], [1600, 800], [0, 0]])('takes a frame of %i ms of film at %i ms', async (durationMs, atMs) => {
    const port = answering({ video, audio, durationMs });
    expect(await processFilm(port, bytes, settings)).toEqual({ kind: 'video', durationMs, codec: 'h264', widthPx: 320, heightPx: 240, frame: Uint8Array.of(7) });
    expect(port.askedAtMs).toEqual([atMs]);
  });

  it('takes none of sound', async () => {
    const port = answering({ audio });
    expect(await processFilm(port, bytes, settings)).toEqual({ kind: 'audio', codec: 'aac' });
    expect(port.askedAtMs).toEqual([]);
  });

  it('decodes no frame of too many pixels', async () => {
    const port = answering({ video: { codec: 'h264', widthPx: 1001, heightPx: 1000 } });
    await expect(processFilm(port, bytes, settings)).rejects.toMatchObject({ code: 'MEDIA_TOO_MANY_PIXELS', details: { pixels: 1_001_000, maxPixels: 1_000_000 } });
    expect(port.askedAtMs).toEqual([]);
  });

  it.each(['MEDIA_TOOL_MISSING', 'MEDIA_TIMEOUT'] as const)('goes on without what %s keeps from it', async (code) => {
    expect(await processFilm(answering(colloquyError(code)), bytes, settings)).toEqual({ incomplete: colloquyError(code) });
    const found = await processFilm(answering({ video }, colloquyError(code)), bytes, settings);
    expect(found).toMatchObject({ kind: 'video', codec: 'h264', incomplete: { code } });
    expect(found.frame).toBeUndefined();
  });

  it('goes on without the port', async () => {
    expect((await processFilm(undefined, bytes, settings)).incomplete?.code).toBe('MEDIA_TOOL_MISSING');
  });

  it('names the type of what is corrupt', async () => {
    const corrupt = { code: 'MEDIA_CORRUPT', details: { mimeType: 'video/mp4' } };
    await expect(processFilm(answering(colloquyError('MEDIA_CORRUPT')), bytes, settings)).rejects.toMatchObject(corrupt);
    await expect(processFilm(answering({ video }, colloquyError('MEDIA_CORRUPT')), bytes, settings)).rejects.toMatchObject(corrupt);
  });

  it('hides no other error', async () => {
    const surprise = new TypeError('surprise');
    await expect(processFilm(answering(surprise), bytes, settings)).rejects.toBe(surprise);
  });
});
