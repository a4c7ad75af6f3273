/** The key of some bytes in a MediaStore: `sha256-` and the SHA-256 in hex. */
export async function contentRef(bytes: Uint8Array): Promise<string> {
  const digest = new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
  return `sha256-${Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/** True for a well-formed media ref. */
export function isContentRef(ref: string): boolean {
  return /^sha256-[0-9a-f]{64}$/.test(ref);
}
