export { openEmbedded, type Embedded, type EmbeddedOptions, type EmbeddedSourceOptions } from './open-embedded.js';
