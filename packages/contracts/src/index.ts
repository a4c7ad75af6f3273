export { decodeMessage, encodeMessage } from './message-codec.js';
