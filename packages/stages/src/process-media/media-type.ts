import type { MediaKind, MediaRef } from '@colloquy/core';

/** Finds the type by magic bytes: `fileTypeFromBuffer` of the package file-type. */
export type TypeFinder = (bytes: Uint8Array) => Promise<{ readonly mime: string } | undefined>;

export interface TypeVerdict {
  readonly kind: MediaKind;
  /** The real type, without parameters; absent where the bytes do not tell. */
  readonly mimeType?: string;
  /** What was found and what was declared, where they exclude each other. Never what the sender wrote, unless it has the form of a type. */
  readonly mismatch?: { readonly found: string; readonly declared: string };
}

/**
 * What the bytes are, held against what was declared. Declarations bind by family (picture, sound or film, contact, document),
 * since phones and senders often name a wrong type of the right family; a JPEG declared `image/png` is a JPEG and accepted.
 * Anything may be sent as a document; but what is declared a PDF must be one, and a program must be declared a program.
 */
export async function judgeType(bytes: Uint8Array, declared: Pick<MediaRef, 'kind' | 'mimeType'>, findType: TypeFinder): Promise<TypeVerdict> {
  const real = await realType(bytes, findType);
  const declaredType = essence(declared.mimeType);
  const kind = real === undefined ? declared.kind : kindOf(real, declared.kind);
  const claims: readonly Claim[] = [claimOfKind[declared.kind], claimOfType(declaredType)];
  const verdict = { kind, ...(real === undefined ? {} : { mimeType: real }) };
  if (claims.every((claim) => fits(claim, real)) && !isForbidden(real, declaredType)) return verdict;
  return { ...verdict, mismatch: { found: real ?? 'bytes of no known type', declared: printable(declaredType) ?? declared.kind } };
}

type Family = 'picture' | 'film' | 'contact' | 'document';
type Claim = Family | 'anything';

const claimOfKind: Readonly<Record<MediaKind, Claim>> = {
  image: 'picture',
  sticker: 'picture',
  audio: 'film',
  video: 'film',
  contact: 'contact',
  document: 'anything',
  location: 'anything',
};

function claimOfType(mimeType: string | undefined): Claim {
  return mimeType === undefined || mimeType === 'application/octet-stream' || mimeType.includes('*') ? 'anything' : familyOf(mimeType);
}

/** Sound and film share containers, so only their streams tell them apart. Drawings that run programs or need one are documents. */
function familyOf(mimeType: string): Family {
  if (contactTypes.has(mimeType)) return 'contact';
  if (mimeType === 'image/svg+xml' || mimeType.startsWith('image/vnd.')) return 'document';
  if (mimeType.startsWith('image/')) return 'picture';
  return /^(audio|video)\//.test(mimeType) || filmContainers.has(mimeType) ? 'film' : 'document';
}

function kindOf(mimeType: string, declared: MediaKind): MediaKind {
  const family = familyOf(mimeType);
  if (family === 'picture') return declared === 'sticker' ? 'sticker' : 'image';
  if (family === 'film') {
    if (declared === 'audio' || declared === 'video') return declared;
    return mimeType.startsWith('video/') ? 'video' : 'audio';
  }
  return family;
}

function fits(claim: Claim, real: string | undefined): boolean {
  if (claim === 'anything') return true;
  if (real === undefined) return claim === 'document';
  const family = familyOf(real);
  return claim === family || (claim === 'document' && family === 'contact');
}

function isForbidden(real: string | undefined, declared: string | undefined): boolean {
  if (declared === 'application/pdf') return real !== declared;
  return real !== undefined && programs.has(real) && declared !== undefined && claimOfType(declared) !== 'anything' && declared !== real;
}

const contactTypes = new Set(['text/vcard', 'text/x-vcard', 'text/directory']);
const filmContainers = new Set(['application/ogg', 'application/mp4', 'application/vnd.ms-asf', 'application/mxf']);
const programs = new Set(['application/x-msdownload', 'application/x-elf', 'application/x-mach-binary', 'application/java-vm', 'application/vnd.android.package-archive']);

/** The type without parameters, in lower case: `audio/ogg; codecs=opus` is `audio/ogg`. */
function essence(mimeType: string | undefined): string | undefined {
  const type = mimeType?.split(';')[0]?.trim().toLowerCase();
  return type === '' ? undefined : type;
}

function printable(mimeType: string | undefined): string | undefined {
  return mimeType !== undefined && /^[a-z]+\/[\w.+-]{1,80}$/.test(mimeType) ? mimeType : undefined;
}

async function realType(bytes: Uint8Array, findType: TypeFinder): Promise<string | undefined> {
  if (isUtf16(bytes)) return 'text/plain';
  const found = await findType(bytes).catch(() => undefined);
  return essence(found?.mime) ?? sniffText(bytes);
}

/** Byte order marks; asked first, since they also pass for the rare MPEG Layer I. */
function isUtf16([first, second]: Uint8Array): boolean {
  return (first === 0xfe && second === 0xff) || (first === 0xff && second === 0xfe);
}

/** Text has no magic bytes: this is the rule of the WHATWG MIME Sniffing Standard, §7.1, with its marks of HTML shortened. */
function sniffText(bytes: Uint8Array): string | undefined {
  const start = bytes.subarray(0, 1445);
  if (start.length === 0 || start.some(isBinaryByte)) return undefined;
  const text = new TextDecoder('utf-8').decode(start).trimStart().toLowerCase();
  if (/^<(!doctype html|!--|html|head|body|script|iframe|style|title)/.test(text)) return 'text/html';
  if (text.startsWith('<svg')) return 'image/svg+xml';
  return text.startsWith('begin:vcard') ? 'text/vcard' : 'text/plain';
}

function isBinaryByte(byte: number): boolean {
  return byte <= 0x08 || byte === 0x0b || (byte >= 0x0e && byte <= 0x1a) || (byte >= 0x1c && byte <= 0x1f);
}
