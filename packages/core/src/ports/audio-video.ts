export interface AudioVideoProbe {
  readonly durationMs?: number;
  readonly video?: { readonly codec: string; readonly widthPx: number; readonly heightPx: number };
  readonly audio?: { readonly codec: string; readonly sampleRateHz: number; readonly channels: number };
}

/** Looks into sound and film. Throws MEDIA_TOOL_MISSING or MEDIA_CORRUPT, both of kind `fault`. */
export interface AudioVideo {
  probe(bytes: Uint8Array, signal: AbortSignal): Promise<AudioVideoProbe>;
  /** One frame at `atMs` as PNG. */
  frame(bytes: Uint8Array, atMs: number, signal: AbortSignal): Promise<Uint8Array>;
}
