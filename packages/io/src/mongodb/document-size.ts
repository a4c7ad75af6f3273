/** Size of a document in BSON, in bytes. */
export type SizeOf = (document: object) => number;

/** MongoDB's limit, less room for what it adds. */
export const maxDocumentBytes = 16 * 1024 * 1024 - 16_384;

export const tooLarge = 'it is larger than 16 MB';
