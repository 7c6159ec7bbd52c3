import { svelte } from '@sveltejs/vite-plugin-svelte';
import { defaultClientConditions, defineConfig, type Plugin } from 'vite';
import { ortImage } from './scripts/vite/ort-image.ts';
import { ortWasm } from './scripts/vite/runtime.ts';
import { site } from './scripts/vite/site.mjs';

// Some hosts serve .mjs with a type that browsers refuse to run: the runtime's glue becomes .js.
const assetFileNames = ({ names }: { names: string[] }): string =>
  names[0]?.endsWith('.mjs') ? 'assets/[name]-[hash].js' : 'assets/[name]-[hash][extname]';

/** Every browser that runs the page reads WOFF2: KaTeX's other two forms of each font stay out of the build. */
const onlyWoff2: Plugin = {
  name: 'katex-only-woff2',
  enforce: 'pre',
  transform: (code, id) =>
    /katex\.min\.css(?:\?|$)/.test(id)
      ? { code: code.replace(/,url\([^)]*\.(?:woff|ttf)\) format\("(?:woff|truetype)"\)/g, ''), map: null }
      : undefined,
};

export default defineConfig({
  // Relative addresses: the build works under any path of any host.
  base: './',
  plugins: [svelte(), onlyWoff2, ortWasm(), ortImage(), site()],
  resolve: {
    // onnxruntime-web without inlined glue: the glue and the WASM files are ours to serve (src/policy/runtime/ort-web.ts).
    conditions: ['onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
  },
  // Already single ES modules; pre-bundling would only break their import.meta.url.
  optimizeDeps: { exclude: ['onnxruntime-web'] },
  worker: {
    format: 'es',
    plugins: () => [ortWasm(), ortImage()],
    rolldownOptions: { output: { assetFileNames }, checks: { pluginTimings: false } },
  },
  build: {
    target: 'es2022',
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { output: { assetFileNames }, checks: { pluginTimings: false } },
  },
});
