export { mediaStoreSuite, type MediaStoreSuiteOptions } from './media-store-suite.js';
