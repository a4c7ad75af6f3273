import { colloquyError } from '@colloquy/core';
import type sharpModule from 'sharp';
import type { Metadata, Sharp } from 'sharp';

export interface PictureOptions {
  readonly maxPixels: number;
  readonly thumbnailPx: number;
  readonly quality: number;
  readonly cleanCopies: boolean;
}

export interface Picture {
  readonly widthPx: number;
  readonly heightPx: number;
  readonly pages?: number;
  readonly animated: boolean;
  /** WebP, one still. */
  readonly thumbnail: Uint8Array;
  /** Same format (see `cleanFormats`), upright, animated where the original is, no metadata. */
  readonly clean?: Uint8Array;
}

/** True for types that processPicture takes. */
export function isPictureType(mimeType: string): boolean {
  return Object.hasOwn(cleanFormats, mimeType);
}

/**
 * Measures, reduces and re-encodes a picture. Its size is read from its header and checked before a pixel is decoded; frames of
 * an animation count together. Throws MEDIA_TOO_MANY_PIXELS or MEDIA_CORRUPT.
 */
export async function processPicture(sharp: typeof sharpModule, bytes: Uint8Array, mimeType: string, options: PictureOptions): Promise<Picture> {
  const measured = await measure(sharp, bytes, mimeType, options.maxPixels);
  const open = (animated: boolean) => sharp(bytes, { failOn: 'error', animated, limitInputPixels: options.maxPixels });
  try {
    const thumbnail = await reduce(open(false).autoOrient(), options);
    const clean = options.cleanCopies ? await copyClean(measured.animated ? open(true) : open(false).autoOrient(), mimeType, options) : undefined;
    return { ...measured, thumbnail, ...(clean === undefined ? {} : { clean }) };
  } catch (error) {
    throw colloquyError('MEDIA_CORRUPT', { mimeType }, error);
  }
}

/** The WebP thumbnail of a decoded frame (PNG). */
export async function reduceFrame(sharp: typeof sharpModule, png: Uint8Array, options: PictureOptions): Promise<Uint8Array> {
  try {
    return await reduce(sharp(png, { failOn: 'error', limitInputPixels: options.maxPixels }), options);
  } catch (error) {
    throw colloquyError('MEDIA_CORRUPT', { mimeType: 'frame of a film' }, error);
  }
}

/** Real type → what sharp calls it, and the format of its clean copy. */
const cleanFormats: Readonly<Record<string, { readonly input: string; readonly clean: (picture: Sharp, quality: number) => Sharp }>> = {
  'image/jpeg': { input: 'jpeg', clean: (picture, quality) => picture.jpeg({ quality }) },
  'image/png': { input: 'png', clean: (picture) => picture.png() },
  'image/webp': { input: 'webp', clean: (picture, quality) => picture.webp({ quality }) },
  'image/gif': { input: 'gif', clean: (picture) => picture.gif() },
  'image/avif': { input: 'heif', clean: (picture, quality) => picture.webp({ quality }) },
  'image/tiff': { input: 'tiff', clean: (picture) => picture.png() },
};

const animatedTypes = new Set(['image/gif', 'image/webp']);

async function measure(sharp: typeof sharpModule, bytes: Uint8Array, mimeType: string, maxPixels: number) {
  const found = await header(sharp, bytes, mimeType);
  if (found.format !== cleanFormats[mimeType]?.input) throw colloquyError('MEDIA_CORRUPT', { mimeType });
  const pixels = found.width * found.height;
  if (pixels > maxPixels) throw colloquyError('MEDIA_TOO_MANY_PIXELS', { pixels, maxPixels });
  const pages = found.pages ?? 1;
  const animated = animatedTypes.has(mimeType) && pages > 1;
  return {
    widthPx: animated ? found.width : found.autoOrient.width,
    heightPx: animated ? (found.pageHeight ?? found.height) : found.autoOrient.height,
    animated,
    ...(pages > 1 ? { pages } : {}),
  };
}

/** Of an animation, `height` is that of all frames together. */
async function header(sharp: typeof sharpModule, bytes: Uint8Array, mimeType: string): Promise<Metadata> {
  try {
    return await sharp(bytes, { failOn: 'error', animated: animatedTypes.has(mimeType), limitInputPixels: false }).metadata();
  } catch (error) {
    throw colloquyError('MEDIA_CORRUPT', { mimeType }, error);
  }
}

async function reduce(picture: Sharp, { thumbnailPx, quality }: PictureOptions): Promise<Uint8Array> {
  return picture.resize(thumbnailPx, thumbnailPx, { fit: 'inside', withoutEnlargement: true }).webp({ quality }).toBuffer();
}

/** sharp writes no metadata unless told to; the colour profile is applied and left out with the rest. */
async function copyClean(picture: Sharp, mimeType: string, { quality }: PictureOptions): Promise<Uint8Array | undefined> {
  return cleanFormats[mimeType]?.clean(picture, quality).toBuffer();
}
