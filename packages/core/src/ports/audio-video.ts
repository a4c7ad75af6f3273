export interface AudioVideoProbe {
  readonly durationMs?: number;
  /** Width and height as shown, a turned camera taken into account. */
  readonly video?: { readonly codec: string; readonly widthPx: number; readonly heightPx: number };
  readonly audio?: { readonly codec: string; readonly sampleRateHz: number; readonly channels: number };
}

/**
 * Looks into sound and film. Throws MEDIA_TOOL_MISSING, MEDIA_CORRUPT or MEDIA_TIMEOUT, all of kind `fault`, and the signal's
 * reason where it is aborted.
 */
export interface AudioVideo {
  probe(bytes: Uint8Array, signal: AbortSignal): Promise<AudioVideoProbe>;
  /** The frame shown at `atMs`, upright, as PNG. Throws MEDIA_CORRUPT where there is none. */
  frame(bytes: Uint8Array, atMs: number, signal: AbortSignal): Promise<Uint8Array>;
}
