export { default } from '../../../tools/tsup-config.mjs';
