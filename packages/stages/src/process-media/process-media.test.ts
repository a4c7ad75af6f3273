import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { memoryMediaStore, pipeline, type Doc, type MediaItem, type MediaRef, type MediaStore } from '@colloquy/core';
import { stageSuite } from '@colloquy/testing';
import exifr from 'exifr';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { processMedia } from './process-media.js';

const fixtures = fileURLToPath(new URL('../../../../fixtures/', import.meta.url));
const good = (name: string) => readFile(`${fixtures}conversations/media/${name}`);
const bad = (name: string) => readFile(`${fixtures}media/${name}`);

const suiteStore = memoryMediaStore();
const suiteMedia: readonly MediaRef[] = [
  { kind: 'image', mimeType: 'image/jpeg', ref: await suiteStore.put(await good('leak.jpg')) },
  { kind: 'image', mimeType: 'image/gif', ref: await suiteStore.put(await good('wave.gif')) },
  { kind: 'image', mimeType: 'image/png', ref: await suiteStore.put(await bad('damaged.png')) },
  { kind: 'location', latitude: 19.4, longitude: -99.1 },
  { kind: 'audio', ref: await suiteStore.put(await good('voice-es.ogg')) },
];
stageSuite({
  name: 'process-media',
  create: () => processMedia({}, { media: suiteStore }),
  samples: [{ id: 'one', conversationId: 'c', media: suiteMedia }, ...suiteMedia.map((media, index) => ({ id: `of ${index}`, conversationId: 'c', media: [media] }))],
});

describe('pictures', () => {
  it('turns a photo upright and takes place, camera and time out of the copy', async () => {
    const { item, store } = await one(await good('leak.jpg'), { kind: 'image', mimeType: 'image/jpeg' });
    expect(item).toMatchObject({ kind: 'image', mimeType: 'image/jpeg', declaredMimeType: 'image/jpeg', verdict: 'transformed', widthPx: 480, heightPx: 640, animated: false, sizeBytes: 12_159 });
    expect(item.reason).toBeUndefined();
    expect(item.pages).toBeUndefined();

    const original = await good('leak.jpg');
    expect(await exifr.gps(original)).toEqual({ latitude: expect.closeTo(19.4327, 3) as number, longitude: expect.closeTo(-99.133, 3) as number });
    const clean = await bytesOf(store, item.cleanRef);
    expect(await exifr.gps(clean)).toBeUndefined();
    expect(await metadataIn(clean)).toEqual([]);
    expect(await sharp(clean).metadata()).toMatchObject({ format: 'jpeg', width: 480, height: 640 });
    expect((await sharp(clean).metadata()).orientation).toBeUndefined();
    expect(clean.includes('Fixture')).toBe(false);
    expect(await brightness(clean, 240, 50)).toBeGreaterThan(180); // the basin is at the top,
    expect(await brightness(clean, 250, 550)).toBeLessThan(120); // the bucket at the bottom
    expect(await store.get(item.ref)).toEqual(Uint8Array.from(original));

    const thumbnail = await bytesOf(store, item.thumbnailRef);
    expect(await sharp(thumbnail).metadata()).toMatchObject({ format: 'webp', width: 240, height: 320 });
    expect(await metadataIn(thumbnail)).toEqual([]);
  });

  it.each([
    ['receipt.png', 'image/png', 'png', 360, 640],
    ['promo.webp', 'image/webp', 'webp', 480, 480],
  ])('cleans %s', async (name, mimeType, format, widthPx, heightPx) => {
    expect(await metadataIn(await good(name))).toContain('exif');
    const { item, store } = await one(await good(name), { kind: 'image', mimeType });
    expect(item).toMatchObject({ mimeType, verdict: 'transformed', widthPx, heightPx });
    const clean = await bytesOf(store, item.cleanRef);
    expect(await sharp(clean).metadata()).toMatchObject({ format, width: widthPx, height: heightPx });
    expect(await metadataIn(clean)).toEqual([]);
  });

  it('keeps an animation moving, and its thumbnail still', async () => {
    const { item, store } = await one(await good('wave.gif'), { kind: 'image', mimeType: 'image/gif' });
    expect(item).toMatchObject({ mimeType: 'image/gif', animated: true, pages: 6, widthPx: 160, heightPx: 160, verdict: 'transformed' });
    expect(await sharp(await bytesOf(store, item.cleanRef)).metadata()).toMatchObject({ format: 'gif', pages: 6, delay: [120, 120, 120, 120, 120, 120], loop: 0 });
    expect((await sharp(await bytesOf(store, item.thumbnailRef)).metadata()).pages).toBeUndefined();
  });

  it('keeps an animated WebP moving and its metadata out', async () => {
    const animation = await sharp(await good('wave.gif'), { animated: true }).webp().withExif({ IFD0: { Artist: 'someone' } }).toBuffer();
    const { item, store } = await one(animation, { kind: 'sticker' });
    expect(item).toMatchObject({ kind: 'sticker', mimeType: 'image/webp', animated: true, pages: 6, heightPx: 160 });
    const clean = await bytesOf(store, item.cleanRef);
    expect((await sharp(clean).metadata()).pages).toBe(6);
    expect(await metadataIn(clean)).toEqual([]);
  });

  it('does not enlarge small pictures', async () => {
    const dot = await sharp({ create: { width: 3, height: 2, channels: 3, background: 'red' } }).png().toBuffer();
    const { item, store } = await one(dot, { kind: 'image' });
    expect(await sharp(await bytesOf(store, item.thumbnailRef)).metadata()).toMatchObject({ width: 3, height: 2 });
  });

  it('keeps transparency', async () => {
    const glass = await sharp({ create: { width: 8, height: 8, channels: 4, background: { r: 255, g: 0, b: 0, alpha: 0.5 } } }).png().toBuffer();
    const { item, store } = await one(glass, { kind: 'image' });
    expect(await sharp(await bytesOf(store, item.cleanRef)).metadata()).toMatchObject({ hasAlpha: true });
    expect(await sharp(await bytesOf(store, item.thumbnailRef)).metadata()).toMatchObject({ hasAlpha: true });
  });

  it('takes the wishes of its options', async () => {
    const { item, store } = await one(await good('leak.jpg'), { kind: 'image' }, { cleanCopies: false, thumbnailPx: 64 });
    expect(item).toMatchObject({ verdict: 'accepted', widthPx: 480 });
    expect(item.cleanRef).toBeUndefined();
    expect(await sharp(await bytesOf(store, item.thumbnailRef)).metadata()).toMatchObject({ width: 48, height: 64 });
  });

  it('says what it cannot decode, and keeps it', async () => {
    const heic = Uint8Array.from([0, 0, 0, 24, ...new TextEncoder().encode('ftypheic'), 0, 0, 0, 0, ...new TextEncoder().encode('mif1heic')]);
    const { item, doc } = await one(heic, { kind: 'image', mimeType: 'image/heic' });
    expect(item).toMatchObject({ mimeType: 'image/heic', verdict: 'accepted', reason: 'MEDIA_TYPE_UNSUPPORTED' });
    expect(codes(doc)).toEqual(['MEDIA_TYPE_UNSUPPORTED']);
  });

  it('puts the same files into the store each time', async () => {
    const [first, again] = [await one(await good('leak.jpg'), { kind: 'image' }), await one(await good('leak.jpg'), { kind: 'image' })];
    expect(again.item).toEqual(first.item);
  });
});

describe('what is refused', () => {
  it.each<[string, MediaRef['kind'], string, string]>([
    ['truncated.jpg', 'image', 'image/jpeg', 'MEDIA_CORRUPT'],
    ['damaged.png', 'image', 'image/png', 'MEDIA_CORRUPT'],
    ['truncated.webp', 'image', 'image/webp', 'MEDIA_CORRUPT'],
    ['truncated.gif', 'image', 'image/gif', 'MEDIA_CORRUPT'],
    ['truncated.pdf', 'document', 'application/pdf', 'MEDIA_CORRUPT'],
    ['truncated.vcf', 'contact', 'text/vcard', 'MEDIA_CORRUPT'],
    ['html-named.png', 'image', 'image/png', 'MEDIA_TYPE_MISMATCH'],
    ['playlist-named.mp4', 'video', 'video/mp4', 'MEDIA_TYPE_MISMATCH'],
    ['empty.jpg', 'image', 'image/jpeg', 'MEDIA_EMPTY'],
    ['bomb.png', 'image', 'image/png', 'MEDIA_TOO_MANY_PIXELS'],
  ])('%s as %s: %s %s', async (name, kind, mimeType, code) => {
    const { item, doc, store } = await one(await bad(name), { kind, mimeType });
    expect(item).toMatchObject({ verdict: 'refused', reason: code, declaredMimeType: mimeType, index: 0 });
    expect(item.thumbnailRef ?? item.cleanRef).toBeUndefined();
    expect(doc.faults).toEqual([{ stage: 'process-media@1', code, kind: 'fault' }]);
    expect(store.puts).toBe(1);
  });

  it('counts the frames of an animation together', async () => {
    const { item } = await one(await good('wave.gif'), { kind: 'image' }, { maxPixels: 160 * 160 * 6 - 1 });
    expect(item).toMatchObject({ verdict: 'refused', reason: 'MEDIA_TOO_MANY_PIXELS' });
    expect((await one(await good('wave.gif'), { kind: 'image' }, { maxPixels: 160 * 160 * 6 })).item.verdict).toBe('transformed');
  });

  it('refuses more bytes than allowed, and takes exactly as many', async () => {
    const bytes = await good('quote.pdf');
    expect((await one(bytes, { kind: 'document' }, { maxBytes: bytes.length - 1 })).item).toMatchObject({ verdict: 'refused', reason: 'MEDIA_TOO_LARGE', sizeBytes: bytes.length });
    expect((await one(bytes, { kind: 'document' }, { maxBytes: bytes.length })).item.verdict).toBe('accepted');
  });

  it('accepts a PNG that is declared a JPEG as what it is', async () => {
    const { item, doc } = await one(await bad('png-named.jpg'), { kind: 'image', mimeType: 'image/jpeg' });
    expect(item).toMatchObject({ mimeType: 'image/png', declaredMimeType: 'image/jpeg', verdict: 'transformed', widthPx: 360 });
    expect(doc.faults).toEqual([]);
  });
});

describe('other attachments', () => {
  it.each<[string, MediaRef['kind'], string, number]>([
    ['quote.pdf', 'document', 'application/pdf', 745],
    ['contact.vcf', 'contact', 'text/vcard', 147],
  ])('knows type and size of %s', async (name, kind, mimeType, sizeBytes) => {
    const { item, doc } = await one(await good(name), { kind, mimeType });
    expect(item).toEqual({ index: 0, kind, mimeType, declaredMimeType: mimeType, sizeBytes, ref: item.ref, verdict: 'accepted' });
    expect(doc.faults).toEqual([]);
  });

  it.each<[string, MediaRef['kind'], string]>([
    ['visit.mp4', 'video', 'video/mp4'],
    ['voice-en.ogg', 'audio', 'audio/ogg'],
  ])('keeps %s without a tool to look inside, and says so', async (name, kind, mimeType) => {
    const { item, doc } = await one(await good(name), { kind });
    expect(item).toMatchObject({ kind, mimeType, verdict: 'accepted', reason: 'MEDIA_TOOL_MISSING' });
    expect(doc.faults).toEqual([{ stage: 'process-media@1', code: 'MEDIA_TOOL_MISSING', kind: 'fault' }]);
  });

  it('keeps bytes of no known type, and says so', async () => {
    const { item, doc } = await one(Uint8Array.of(0, 1, 2, 3), { kind: 'document' });
    expect(item).toMatchObject({ verdict: 'accepted', reason: 'MEDIA_TYPE_UNKNOWN' });
    expect(item.mimeType).toBeUndefined();
    expect(codes(doc)).toEqual(['MEDIA_TYPE_UNKNOWN']);
  });
});

describe('messages', () => {
  it('have no slot without media, or where none has bytes', async () => {
    const flow = pipeline().use(processMedia({}, { media: memoryMediaStore() }));
    const doc = await flow.enrich({ id: 'm', conversationId: 'c', text: 'hello' });
    expect([doc.ann.media, doc.faults]).toEqual([undefined, []]);
    const place = await flow.enrich({ id: 'm', conversationId: 'c', media: [{ kind: 'location', latitude: 1, longitude: 2 }, { kind: 'contact' }, { kind: 'sticker' }] });
    expect([place.ann.media, place.faults]).toEqual([undefined, []]);
  });

  it('go on where bytes are not in the store', async () => {
    const store = memoryMediaStore();
    const ref = await store.put(await good('contact.vcf'));
    const doc = await pipeline()
      .use(processMedia({}, { media: store }))
      .enrich({ id: 'm', conversationId: 'c', media: [{ kind: 'image', ref: `sha256-${'0'.repeat(64)}` }, { kind: 'location' }, { kind: 'contact', ref }] });
    expect(doc.ann.media?.items.map(({ index, kind }) => [index, kind])).toEqual([[2, 'contact']]);
    expect(codes(doc)).toEqual(['MEDIA_NOT_FOUND']);
  });

  it('wait where the store cannot be reached', async () => {
    const failing: MediaStore = { ...memoryMediaStore(), get: () => Promise.reject(Object.assign(new Error('gone'), { name: 'ColloquyError', code: 'STORE_UNREACHABLE', kind: 'transient' })) };
    const doc = await pipeline()
      .use(processMedia({}, { media: failing }))
      .enrich({ id: 'm', conversationId: 'c', media: [{ kind: 'image', ref: `sha256-${'0'.repeat(64)}` }] });
    expect(doc.faults).toEqual([{ stage: 'process-media@1', code: 'STORE_UNREACHABLE', kind: 'transient' }]);
  });

  it('say why when asked', async () => {
    const store = memoryMediaStore();
    const media: MediaRef[] = [
      { kind: 'document', ref: await store.put(await good('quote.pdf')) },
      { kind: 'image', ref: await store.put(await bad('html-named.png')) },
    ];
    const doc = await pipeline().use(processMedia({}, { media: store })).enrich({ id: 'm', conversationId: 'c', media }, { explain: true });
    expect(doc.ann.media?.why).toEqual({
      summary: '2 with bytes, 1 accepted, 1 refused',
      evidence: [
        { what: 'media/0: application/pdf by its bytes, accepted', weight: 1 },
        { what: 'media/1: text/html by its bytes, refused (MEDIA_TYPE_MISMATCH)', weight: 1 },
      ],
    });
  });
});

describe('set-up', () => {
  it('needs a media store', async () => {
    await expect(pipeline().use(processMedia()).open()).rejects.toMatchObject({ code: 'STAGE_PORT_MISSING', kind: 'config', details: { port: 'media' } });
  });

  it.each<[object, string]>([
    [{ maxBytes: 0 }, 'maxBytes'],
    [{ maxPixels: 1.5 }, 'maxPixels'],
    [{ thumbnailPx: 4 }, 'thumbnailPx'],
    [{ quality: 101 }, 'quality'],
    [{ cleanCopies: 'yes' }, 'cleanCopies'],
    [{ sharpThreads: 0 }, 'sharpThreads'],
    [{ maxSize: 1 }, '(all)'],
  ])('refuses %j', (options, option) => {
    expect(() => processMedia(options)).toThrow(expect.objectContaining({ code: 'STAGE_OPTION_INVALID', details: expect.objectContaining({ option }) as object }) as Error);
  });

  it('sets the threads of sharp', async () => {
    await processMedia({ sharpThreads: 2 }, { media: memoryMediaStore() }).open?.();
    expect(sharp.concurrency()).toBe(2);
    await processMedia({}, { media: memoryMediaStore() }).open?.();
    expect(sharp.concurrency()).toBe(1);
  });
});

type CountingStore = MediaStore & { readonly puts: number };

/** Puts the bytes into a store and a message with that one attachment through the stage. */
async function one(bytes: Uint8Array, attachment: MediaRef, options = {}): Promise<{ readonly item: MediaItem; readonly doc: Doc; readonly store: CountingStore }> {
  const store = counting(memoryMediaStore());
  const ref = await store.put(bytes);
  const doc = await pipeline().use(processMedia(options, { media: store })).enrich({ id: 'm', conversationId: 'c', media: [{ ...attachment, ref }] });
  expect(doc.ann.media?.items).toHaveLength(1);
  return { item: doc.ann.media?.items[0] as MediaItem, doc, store };
}

function counting(store: MediaStore): CountingStore {
  let puts = 0;
  return {
    ...store,
    put: (bytes) => {
      puts++;
      return store.put(bytes);
    },
    get puts() {
      return puts;
    },
  };
}

async function bytesOf(store: MediaStore, ref: string | undefined): Promise<Buffer> {
  return Buffer.from((await store.get(ref ?? '')) ?? []);
}

/** The kinds of metadata in a picture. */
async function metadataIn(bytes: Uint8Array): Promise<readonly string[]> {
  const found = await sharp(bytes).metadata();
  return (['exif', 'icc', 'iptc', 'xmp', 'comments'] as const).filter((kind) => found[kind] !== undefined);
}

/** 0 (black) to 255, around a point of the picture as it is stored. */
async function brightness(bytes: Uint8Array, x: number, y: number): Promise<number> {
  const data = await sharp(bytes).greyscale().extract({ left: x - 5, top: y - 5, width: 10, height: 10 }).raw().toBuffer();
  return data.reduce((sum, value) => sum + value, 0) / data.length;
}

function codes(doc: Doc): readonly string[] {
  return doc.faults.map(({ code }) => code);
}
