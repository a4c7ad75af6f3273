import { join } from 'node:path';
import config from '../../tools/tsup-config.mjs';
import { buildPage } from './build-page.js';

export default config.map((library, index) => (index > 0 ? library : { ...library, onSuccess: () => buildPage(join(process.cwd(), 'dist/page')) }));
