/** Bytes of attachments by content hash: the same bytes have the same ref and are kept once. */
export interface MediaStore {
  /** Durable when it resolves. Returns the ref, `sha256-` and 64 hex digits. */
  put(bytes: Uint8Array): Promise<string>;
  /** `undefined` where there is none. Throws MEDIA_REF_INVALID for a malformed ref. */
  get(ref: string): Promise<Uint8Array | undefined>;
  check(): Promise<void>;
  close(): Promise<void>;
}
