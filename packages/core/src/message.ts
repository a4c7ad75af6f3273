export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export type Direction = 'inbound' | 'outbound';
export type AuthorRole = 'customer' | 'provider' | 'agent' | 'bot' | 'system';
export type MediaKind = 'image' | 'audio' | 'video' | 'document' | 'sticker' | 'location' | 'contact';

export interface Author {
  readonly id: string;
  readonly role: AuthorRole;
  readonly name?: string;
}

/** An attachment. Its bytes live in the MediaStore under `ref`. */
export interface MediaRef {
  readonly kind: MediaKind;
  /** Key in the MediaStore, `sha256-` and 64 hex digits. */
  readonly ref?: string;
  /** Path relative to the file the message came from; file sources put its bytes in the MediaStore and replace it by `ref`. */
  readonly file?: string;
  /** As declared by the sender; not trusted. */
  readonly mimeType?: string;
  readonly name?: string;
  readonly caption?: string;
  readonly latitude?: number;
  readonly longitude?: number;
}

/** A message whose every field is present and checked. */
export interface Message {
  readonly id: string;
  readonly conversationId: string;
  readonly at: string;
  readonly author: Author;
  readonly channel: string;
  readonly direction: Direction;
  readonly text: string;
  readonly media: readonly MediaRef[];
  readonly meta: JsonObject;
}

/** A message as a caller writes it. `text` or `media` is needed; the rest has defaults (see parseMessage). */
export interface MessageInput {
  readonly id: string;
  readonly conversationId: string;
  /** ISO 8601 with offset, or a Date. */
  readonly at?: string | Date;
  readonly author?: Author;
  readonly channel?: string;
  readonly direction?: Direction;
  readonly text?: string;
  readonly media?: readonly MediaRef[];
  readonly meta?: JsonObject;
}
