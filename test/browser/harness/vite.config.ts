import { resolve } from 'node:path';
import { mergeConfig } from 'vite';
import site from '../../../vite.config.ts';

/** The site's own configuration with another page: `npx vite build -c test/browser/harness/vite.config.ts`. */
export default mergeConfig(site, {
  root: import.meta.dirname,
  publicDir: false,
  build: { outDir: resolve(import.meta.dirname, '../../../.cache/harness'), emptyOutDir: true },
});
