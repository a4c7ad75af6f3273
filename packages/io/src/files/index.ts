export { folderMediaStore, type FolderMediaStoreOptions } from './folder-media-store.js';
export { ndjsonSource, type NdjsonSourceOptions } from './ndjson-source.js';
export { readMessages, type ReadMessage, type ReadMessagesOptions } from './read-messages.js';
