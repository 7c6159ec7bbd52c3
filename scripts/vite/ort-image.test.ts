/** The image of the page's runtime is the runtime as it would have started by itself. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeOrtImage } from './ort-image';

interface Sampled {
  answers: { key: string; tokens: number[]; logProbs: number[] }[];
  built: number;
}
const folder = mkdtempSync(join(tmpdir(), 'ort-image-'));
const image = join(folder, 'image.wasm');
const sampled = (...args: string[]): Sampled =>
  JSON.parse(
    execFileSync(process.execPath, ['--import', 'tsx', join(import.meta.dirname, 'testing/sample-on-wasm.ts'), ...args], {
      encoding: 'utf8',
    }),
  ) as Sampled;

beforeAll(() => makeOrtImage(image));
afterAll(() => rmSync(folder, { recursive: true }));

test('begun from the image, the runtime gives the same answers bit by bit and builds no session for them', () => {
  const plain = sampled();
  const begun = sampled(image);
  expect(plain.answers).toHaveLength(3);
  expect(begun.answers).toEqual(plain.answers);
  // Started, prompts, tokens.
  expect(plain.built).toBe(3);
  expect(begun.built).toBe(0);
});
