/** Commands in this process with their output captured, and a policy folder with random weights. For tests. */
import { mkdtempSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { vi } from 'vitest';
import { folderOf } from '../../policy/folder';
import type { LlamaConfig } from '../../policy/config';
import { initialParameters } from '../../policy/parameters';
import { loadTokenizer } from '../../policy/tokenizer';
import { tinymathWorld } from '../../tasks/tinymath';
import { tokenizerFiles } from '../../tasks/world';
import { run } from '../program';

export const CONFIG: LlamaConfig = {
  vocabSize: 512,
  hiddenSize: 32,
  intermediateSize: 48,
  layers: 1,
  heads: 2,
  kvHeads: 1,
  headDim: 16,
  maxPositions: 256,
  ropeTheta: 10000,
  rmsNormEps: 1e-5,
  tieEmbeddings: true,
};

export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), 'gap-test-'));
}

/** Writes an untrained policy with the built-in world's tokenizer. */
export function writePolicy(dir: string): string {
  const encoder = new TextEncoder();
  const texts = tokenizerFiles(tinymathWorld);
  const files = new Map(Object.entries(texts).map(([name, text]) => [name, encoder.encode(text)]));
  const parsed = (name: keyof typeof texts) => JSON.parse(texts[name]) as unknown;
  const tokenizer = loadTokenizer(parsed('tokenizer.json'), parsed('tokenizer_config.json'));
  mkdirSync(dir, { recursive: true });
  for (const [name, bytes] of folderOf(CONFIG, initialParameters(CONFIG, 1), tokenizer, files)) writeFileSync(join(dir, name), bytes);
  return dir;
}

export interface Finished {
  code: number;
  stdout: string;
  stderr: string;
  /** Standard output, line by line. */
  json: unknown[];
}

/** `gap …args`. */
export async function gap(...args: string[]): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((stdout += String(text)), true));
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((stderr += String(text)), true));
  try {
    const code = await run(args);
    return {
      code,
      stdout,
      stderr,
      json: stdout.trim().startsWith('{')
        ? stdout
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as unknown)
        : [],
    };
  } finally {
    out.mockRestore();
    err.mockRestore();
  }
}
