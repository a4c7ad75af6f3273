import type { Binary, Collection, Db } from 'mongodb';
import type { ConversationDocument, DeadLetterDocument, MessageDocument, ParkedDocument } from './documents.js';

/** A file of GridFS, its id the content hash. */
interface FileDocument {
  readonly _id: string;
  readonly length: number;
  readonly chunkSize: number;
  readonly uploadDate: Date;
  readonly filename: string;
}

export interface ChunkDocument {
  readonly files_id: string;
  readonly n: number;
  readonly data: Binary | Uint8Array;
}

export interface Collections {
  readonly messages: Collection<MessageDocument>;
  readonly conversations: Collection<ConversationDocument>;
  readonly parking: Collection<ParkedDocument>;
  readonly deadLetters: Collection<DeadLetterDocument>;
  readonly files: Collection<FileDocument>;
  readonly chunks: Collection<ChunkDocument>;
}

export function collectionsOf(db: Db): Collections {
  return {
    messages: db.collection('messages'),
    conversations: db.collection('conversations'),
    parking: db.collection('parking'),
    deadLetters: db.collection('dead_letters'),
    files: db.collection('media.files'),
    chunks: db.collection('media.chunks'),
  };
}

/** The index each query is told to use, so that its plan never depends on what the planner makes of the data. */
export const indexes = {
  id: '_id_',
  messagesByConversation: 'by_conversation',
  conversationsByFacet: 'by_facet',
  conversationsByActivity: 'by_activity',
  parkingByPartition: 'by_partition',
  deadLettersByTime: 'by_time',
  chunksByFile: 'files_id_1_n_1',
} as const;
