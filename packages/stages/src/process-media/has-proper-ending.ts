/** False where a file of a type whose decoder would not notice, or is not used here, was cut off. True for all other types. */
export function hasProperEnding(bytes: Uint8Array, mimeType: string): boolean {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (mimeType === 'image/gif') return lastByteNotZero(file) === gifTrailer;
  if (mimeType === 'application/pdf') return file.lastIndexOf('startxref', undefined, 'latin1') !== -1;
  if (mimeType === 'text/vcard') return /END:VCARD\s*$/i.test(file.subarray(-64).toString('latin1'));
  return true;
}

/** GIF89a, §27. Some writers pad with zeros. */
const gifTrailer = 0x3b;

function lastByteNotZero(file: Buffer): number | undefined {
  let end = file.length;
  while (end > 0 && file[end - 1] === 0) end--;
  return file[end - 1];
}
