/** Copies of the built page for one test: further policies beside the bundled one, and browsers that lack or have something. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { MANIFEST_MARK, writeServiceWorker } from '../../../scripts/build-manifest.mjs';
import type { LlamaConfig } from '../../../src/policy/config';
import { folderOf } from '../../../src/policy/folder';
import { initialParameters } from '../../../src/policy/parameters';
import { DIST, PROJECT } from './paths';

export interface SiteOptions {
  /** Policy folders by name, as served under static-models/. */
  policies?: Record<string, ReadonlyMap<string, Uint8Array>>;
  /** Put before the policy worker's own code: what a test takes from its browser, or looks at. */
  workerPrelude?: string;
  /** The same for the import worker. */
  importPrelude?: string;
}

/** A folder to serve, without a service worker, which would refuse the changed files. The caller removes it. */
export function siteWith({ policies = {}, workerPrelude = '', importPrelude = '' }: SiteOptions): string {
  const root = mkdtempSync(join(tmpdir(), 'site-'));
  for (const name of readdirSync(DIST)) {
    if (!['assets', 'static-models', 'service-worker.js'].includes(name)) symlinkSync(join(DIST, name), join(root, name));
  }
  for (const folder of ['assets', 'static-models']) {
    mkdirSync(join(root, folder));
    for (const name of readdirSync(join(DIST, folder))) {
      const [from, to] = [join(DIST, folder, name), join(root, folder, name)];
      const prelude = { policy: workerPrelude, import: importPrelude }[/^(policy|import)\.worker-.*\.js$/.exec(name)?.[1] ?? ''];
      if (prelude) writeFileSync(to, `${prelude}\n${readFileSync(from, 'utf8')}`);
      else symlinkSync(from, to);
    }
  }
  addPolicies(root, policies);
  return root;
}

/** Writes policy folders into a copy of the page. */
export function addPolicies(root: string, policies: NonNullable<SiteOptions['policies']>): void {
  for (const [name, files] of Object.entries(policies)) {
    for (const [path, bytes] of files) {
      const to = join(root, 'static-models', name, path);
      mkdirSync(dirname(to), { recursive: true });
      writeFileSync(to, bytes);
    }
  }
}

/** Lists the files of a changed copy of the page in its service worker, which makes it another version. */
export function renewVersion(root: string): void {
  const code = readFileSync(join(root, 'service-worker.js'), 'utf8').replace(/\{"version".*?\]\]\}/s, MANIFEST_MARK);
  writeServiceWorker(root, code);
}

/** A whole copy of the built page that can become another version of it. */
export function copyOfSite(): string {
  const root = mkdtempSync(join(tmpdir(), 'site-'));
  cpSync(DIST, root, { recursive: true });
  return root;
}

export const removeSite = (root: string): void => rmSync(root, { recursive: true });

/** Small enough for a software GPU; it speaks the bundled tokenizer. */
export const MICRO: LlamaConfig = {
  vocabSize: 512,
  hiddenSize: 16,
  intermediateSize: 32,
  layers: 1,
  heads: 2,
  kvHeads: 1,
  headDim: 8,
  maxPositions: 256,
  ropeTheta: 10000,
  rmsNormEps: 1e-6,
  tieEmbeddings: true,
};

/** The bundled tokenizer's files by name. */
export const tokenizerFiles = (): Map<string, Uint8Array> =>
  new Map(['tokenizer.json', 'tokenizer_config.json'].map((name) => [name, readFileSync(join(PROJECT, 'static-models/base', name))]));

/** A policy folder with random weights, in the layout of the bundled one and with its tokenizer. */
export function microFolder(config: Partial<LlamaConfig> = {}): Map<string, Uint8Array> {
  const micro = { ...MICRO, ...config };
  return folderOf(micro, initialParameters(micro, 1), { eosId: 1, padId: 0 }, tokenizerFiles());
}
