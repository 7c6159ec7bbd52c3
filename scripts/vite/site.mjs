/**
 * Vite plugin: everything that makes a build a whole site. Copies static-models/, puts the security policy into the page, and writes
 * `_headers` and the service worker with the list of files. In the dev server static-models/ is served as it lies and there is neither policy
 * (Vite's own client would break it) nor service worker.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'vite';
import { MANIFEST_MARK, writeServiceWorker } from '../build-manifest.mjs';
import { CONTENT_SECURITY_POLICY, headersFile } from '../headers.mjs';

const project = resolve(import.meta.dirname, '../..');

/** @returns {import('vite').Plugin[]} */
export function site() {
  return [whole(), preloaded()];
}

/**
 * The page's own code is loaded by its first script (src/notebook/main.ts): the browser is told of it before that one runs.
 *
 * @returns {import('vite').Plugin}
 */
function preloaded() {
  return {
    name: 'site-preloaded',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle = {} }) {
        const chunks = Object.values(bundle).filter((one) => one.type === 'chunk');
        const page = chunks.find((chunk) => chunk.facadeModuleId?.endsWith('/src/notebook/page.ts'));
        if (!page) return [];
        const files = [page, ...chunks.filter((chunk) => page.imports.includes(chunk.fileName) && !chunk.isEntry)];
        const styles = new Set(files.flatMap((chunk) => [...(chunk.viteMetadata?.importedCss ?? [])]));
        const link = (attrs) => ({ tag: 'link', attrs: { crossorigin: true, ...attrs }, injectTo: 'head' });
        return [
          ...files.map(({ fileName }) => link({ rel: 'modulepreload', href: `./${fileName}` })),
          ...[...styles].map((href) => link({ rel: 'stylesheet', href: `./${href}` })),
        ];
      },
    },
  };
}

/** @returns {import('vite').Plugin} */
function whole() {
  let config;
  return {
    name: 'site',
    configResolved(resolved) {
      config = resolved;
    },
    transformIndexHtml: {
      order: 'pre',
      handler: () =>
        config.command === 'build'
          ? [
              {
                tag: 'meta',
                attrs: { 'http-equiv': 'Content-Security-Policy', content: CONTENT_SECURITY_POLICY },
                injectTo: 'head-prepend',
              },
            ]
          : [],
    },

    generateBundle() {
      if (this.environment.name !== 'client') return;
      const models = join(project, 'static-models');
      for (const entry of existsSync(models) ? readdirSync(models, { recursive: true, withFileTypes: true }) : []) {
        if (!entry.isFile()) continue;
        const path = join(entry.parentPath, entry.name);
        this.emitFile({
          type: 'asset',
          fileName: `static-models${path.slice(models.length).replaceAll('\\', '/')}`,
          source: readFileSync(path),
        });
      }
      this.emitFile({ type: 'asset', fileName: '_headers', source: headersFile() });
    },

    closeBundle: {
      order: 'post',
      sequential: true,
      async handler() {
        if (config.command !== 'build') return;
        const root = resolve(config.root, config.build.outDir);
        if (existsSync(join(root, 'index.html'))) writeServiceWorker(root, await compileServiceWorker());
      },
    },
  };
}

/** One classic script without imports: module service workers are not everywhere yet. */
async function compileServiceWorker() {
  const result = await build({
    configFile: false,
    root: project,
    logLevel: 'warn',
    publicDir: false,
    build: {
      write: false,
      lib: { entry: join(project, 'workers/service.worker.ts'), formats: ['iife'], name: 'serviceWorker', fileName: 'service-worker' },
    },
  });
  const [{ output }] = Array.isArray(result) ? result : [result];
  const { code } = output[0];
  if (!code.includes(MANIFEST_MARK)) throw new Error('the compiled service worker lost its manifest mark');
  return code;
}
