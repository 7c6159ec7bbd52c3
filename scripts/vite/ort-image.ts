/**
 * Vite plugin: `virtual:ort-image`, the address of an image of the page's runtime, started and with the sessions of a first answer of the bundled policy
 * (`src/policy/runtime/ort-web-glue.ts` says what for). `make-ort-image.ts` makes it in a process of its own, anew for each build.
 */
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Plugin } from 'vite';

const project = resolve(import.meta.dirname, '../..');
const script = join(project, 'scripts/vite/make-ort-image.ts');
let made: Promise<string> | null = null;

/** Makes the image where it is told to. @throws an error with what the process had to say. */
export const makeOrtImage = async (file: string): Promise<void> =>
  void (await promisify(execFile)(process.execPath, ['--import', 'tsx', script, file], { cwd: project }));

async function image(): Promise<string> {
  const folder = join(project, '.cache/ort-image');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'ort-image.wasm');
  await makeOrtImage(file);
  return file;
}

/** In the dev server there is none: the graphs are being written there. */
export const ortImage = (): Plugin => {
  let none = false;
  return {
    name: 'ort-image',
    configResolved: ({ command }) => void (none = command === 'serve'),
    resolveId: {
      filter: { id: /^virtual:ort-image$/ },
      handler: async () => (none ? '\0no-ort-image' : `${await (made ??= image())}?url`),
    },
    load: {
      filter: { id: /^\0no-ort-image$/ },
      handler: () => 'export default null;',
    },
  };
};
