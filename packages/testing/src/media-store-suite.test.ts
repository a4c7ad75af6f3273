import { memoryMediaStore } from '@colloquy/core';
import { mediaStoreSuite } from './media-store-suite.js';

mediaStoreSuite({ name: 'memory', open: async () => memoryMediaStore() });
