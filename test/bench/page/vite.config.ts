import { defaultClientConditions, defineConfig } from 'vite';
import { ortImage } from '../../../scripts/vite/ort-image.ts';
import { ortWasm } from '../../../scripts/vite/runtime.ts';
import site from '../../../vite.config.ts';
import { PAGE } from '../paths.ts';

/** The notebook's way of building workers and the runtime, without the notebook: no service worker, no security policy of its own. */
export default defineConfig({
  root: import.meta.dirname,
  base: './',
  publicDir: false,
  resolve: { conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions] },
  plugins: [ortWasm(), ortImage()],
  worker: site.worker,
  // TensorFlow.js starts its threads from the source of a function, names and all.
  build: { ...site.build, minify: false, outDir: PAGE, emptyOutDir: true, chunkSizeWarningLimit: 5000 },
});
