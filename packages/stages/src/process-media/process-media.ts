import {
  colloquyError,
  defineStage,
  isColloquyError,
  type AudioVideo,
  type ColloquyError,
  type Explanation,
  type MediaItem,
  type MediaRef,
  type MediaStore,
  type StageContext,
} from '@colloquy/core';
import type sharpModule from 'sharp';
import { z } from 'zod';
import { loadPeer } from '../load-peer.js';
import { hasProperEnding } from './has-proper-ending.js';
import { judgeType, type TypeFinder } from './media-type.js';
import { processFilm } from './process-film.js';
import { isPictureType, processPicture, reduceFrame } from './process-picture.js';

const processMediaOptions = z.strictObject({
  maxBytes: z.int().min(1).default(32_000_000).describe('Larger attachments are refused, in bytes.'),
  maxPixels: z
    .int()
    .min(1)
    .default(64_000_000)
    .describe('Pictures of more pixels are refused before they are decoded; the frames of an animation count together. Each pixel takes up to 4 bytes of memory.'),
  thumbnailPx: z.int().min(16).max(2048).default(320).describe('Longest side of thumbnails, in pixels. Smaller pictures are not enlarged.'),
  quality: z.int().min(1).max(100).default(82).describe('Quality of JPEG and WebP that is written.'),
  cleanCopies: z.boolean().default(true).describe('Keep a copy of each picture without metadata (place, camera, time), upright. Without it pictures are only measured and reduced.'),
  sharpThreads: z.int().min(1).max(64).default(1).describe('Threads for one picture. Holds for all use of sharp in the process; messages are processed side by side anyway.'),
});

/** Attachments: real type, size, dimensions, duration, thumbnails and clean copies. See docs/stages/process-media.md. */
export const processMedia = defineStage({
  id: 'process-media@1',
  summary: 'Checks attachments by their bytes, measures them, and keeps thumbnails and copies without metadata.',
  requires: [],
  provides: ['media'],
  options: processMediaOptions,
  create: (options, ports) => {
    let tools: Tools | undefined;
    return {
      open: async () => {
        tools = await openTools(options, ports);
      },
      process: async (doc, ctx) => {
        tools ??= await openTools(options, ports);
        const items: MediaItem[] = [];
        for (const [index, attachment] of doc.media.entries()) {
          const item = await processAttachment(tools, attachment, index, ctx);
          if (item !== undefined) items.push(item);
        }
        if (items.length === 0) return {};
        return { media: { source: { stage: 'process-media@1' }, score: 1, items, ...(ctx.explain ? { why: explain(items) } : {}) } };
      },
    };
  },
});

type Options = z.output<typeof processMediaOptions>;

interface Tools {
  readonly options: Options;
  readonly sharp: typeof sharpModule;
  readonly findType: TypeFinder;
  readonly store: MediaStore;
  readonly audioVideo: AudioVideo | undefined;
}

async function openTools(options: Options, ports: { readonly media?: MediaStore; readonly audioVideo?: AudioVideo }): Promise<Tools> {
  const stage = 'process-media@1';
  if (ports.media === undefined) {
    throw colloquyError('STAGE_PORT_MISSING', { stage, port: 'media', example: 'processMedia({}, { media: memoryMediaStore() })' });
  }
  const [{ default: sharp }, { fileTypeFromBuffer }] = await Promise.all([
    loadPeer(stage, 'sharp', () => import('sharp')),
    loadPeer(stage, 'file-type', () => import('file-type')),
  ]);
  sharp.concurrency(options.sharpThreads);
  return { options, sharp, findType: fileTypeFromBuffer, store: ports.media, audioVideo: ports.audioVideo };
}

/** Nothing where the attachment has no bytes: a place, a contact, or a file that is not in the store (noted as a fault). */
async function processAttachment(tools: Tools, attachment: MediaRef, index: number, ctx: StageContext): Promise<MediaItem | undefined> {
  const { ref, mimeType: declaredMimeType } = attachment;
  if (ref === undefined) return undefined;
  ctx.signal.throwIfAborted();
  const bytes = await tools.store.get(ref);
  if (bytes === undefined) {
    ctx.fault(colloquyError('MEDIA_NOT_FOUND', { index }));
    return undefined;
  }
  let item: MediaItem = {
    index,
    kind: attachment.kind,
    ...(declaredMimeType === undefined ? {} : { declaredMimeType }),
    sizeBytes: bytes.length,
    ref,
    verdict: 'accepted',
  };
  const learn = (facts: Partial<MediaItem>) => {
    item = { ...item, ...facts };
  };
  try {
    const shortcoming = await examine(tools, bytes, attachment, ctx, learn);
    if (shortcoming === undefined) return item;
    ctx.fault(shortcoming);
    return { ...item, reason: shortcoming.code };
  } catch (error) {
    if (!isColloquyError(error) || error.kind !== 'fault') throw error;
    ctx.fault(error);
    return { ...item, verdict: 'refused', reason: error.code };
  }
}

/** Returns why the findings are incomplete, if they are. Throws an error of kind `fault` for what is refused. */
async function examine(tools: Tools, bytes: Uint8Array, attachment: MediaRef, ctx: StageContext, learn: (facts: Partial<MediaItem>) => void): Promise<ColloquyError | undefined> {
  const { maxBytes } = tools.options;
  if (bytes.length === 0) throw colloquyError('MEDIA_EMPTY');
  if (bytes.length > maxBytes) throw colloquyError('MEDIA_TOO_LARGE', { sizeBytes: bytes.length, maxBytes });
  const { kind, mimeType, mismatch } = await judgeType(bytes, attachment, tools.findType);
  learn({ kind, ...(mimeType === undefined ? {} : { mimeType }) });
  if (mismatch !== undefined) throw colloquyError('MEDIA_TYPE_MISMATCH', mismatch);
  if (mimeType === undefined) return colloquyError('MEDIA_TYPE_UNKNOWN');
  if (!hasProperEnding(bytes, mimeType)) throw colloquyError('MEDIA_CORRUPT', { mimeType });
  if (kind === 'audio' || kind === 'video') return examineFilm(tools, bytes, mimeType, ctx, learn);
  if (kind !== 'image' && kind !== 'sticker') return undefined;
  if (!isPictureType(mimeType)) return colloquyError('MEDIA_TYPE_UNSUPPORTED', { mimeType });
  const { thumbnail, clean, ...facts } = await processPicture(tools.sharp, bytes, mimeType, tools.options);
  learn(facts);
  learn({ thumbnailRef: await tools.store.put(thumbnail) });
  if (clean !== undefined) learn({ cleanRef: await tools.store.put(clean), verdict: 'transformed' });
  return undefined;
}

async function examineFilm(tools: Tools, bytes: Uint8Array, mimeType: string, ctx: StageContext, learn: (facts: Partial<MediaItem>) => void): Promise<ColloquyError | undefined> {
  const { maxPixels } = tools.options;
  const { frame, incomplete, ...facts } = await processFilm(tools.audioVideo, bytes, { mimeType, maxPixels, signal: ctx.signal });
  learn(facts);
  if (frame !== undefined) learn({ thumbnailRef: await tools.store.put(await reduceFrame(tools.sharp, frame, tools.options)) });
  return incomplete;
}

function explain(items: readonly MediaItem[]): Explanation {
  const refused = items.filter(({ verdict }) => verdict === 'refused').length;
  return {
    summary: `${items.length} with bytes, ${items.length - refused} accepted, ${refused} refused`,
    evidence: items.map(({ index, mimeType, verdict, reason }) => ({
      what: `media/${index}: ${mimeType ?? 'no known type'} by its bytes, ${verdict}${reason === undefined ? '' : ` (${reason})`}`,
      weight: 1,
    })),
  };
}
