export { folderMediaStore, type FolderMediaStoreOptions } from './folder-media-store.js';
