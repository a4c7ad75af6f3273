export interface ServedType {
  readonly mimeType: string;
  readonly extension: string;
  /** Safe to show in a page; all else is for download only. */
  readonly inline: boolean;
}

/** How bytes may be served, by what they are, whatever anybody declared. */
export async function mediaTypeOf(bytes: Uint8Array): Promise<ServedType> {
  const { fileTypeFromBuffer } = await import('file-type');
  const found = await fileTypeFromBuffer(bytes.subarray(0, sniffedBytes)).catch(() => undefined);
  if (found === undefined || !(inlineTypes.has(found.mime) || downloadTypes.has(found.mime))) return unknownType;
  return { mimeType: found.mime, extension: found.ext, inline: inlineTypes.has(found.mime) };
}

const sniffedBytes = 4_100;
const unknownType: ServedType = { mimeType: 'application/octet-stream', extension: 'bin', inline: false };
const inlineTypes = new Set([
  'image/jpeg',
  'image/png',
  'image/webp',
  'image/gif',
  'image/avif',
  'audio/ogg',
  'audio/ogg; codecs=opus',
  'audio/opus',
  'audio/mpeg',
  'audio/wav',
  'audio/x-m4a',
  'audio/mp4',
  'audio/aac',
  'audio/amr',
  'video/mp4',
  'video/webm',
  'video/3gpp',
]);
const downloadTypes = new Set(['application/pdf', 'application/zip', 'video/quicktime', 'video/ogg']);
