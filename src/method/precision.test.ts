// @vitest-environment node
/**
 * The bundled policy's fast graphs (shared prompts, fused operators, open shapes) against the plain graph in f32 and in f64, on what the
 * policy itself writes. A million parameters round: at a few positions in a thousand f32 arithmetic moves a log-prob by more than 1e-5, the
 * plain graph's no less than any other, so the fast ones are held to 1e-5 where the plain one is, and to its errors elsewhere.
 */
import * as ort from 'onnxruntime-web/wasm';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { LlamaConfig } from '../policy/config';
import { loadPolicyFolder, POLICY_FILES } from '../policy/folder';
import { logitsGraph, scoreGraph } from '../policy/graphs/training';
import { uniform } from '../policy/random';
import { createNodeRuntime } from '../policy/runtime/node';
import { ArrayRuntime } from '../policy/runtime/ort';
import type { HostTensor, Runtime } from '../policy/runtime/types';
import type { Rollout, TrainablePolicy } from '../policy/types';
import { tinymath } from '../tasks/tinymath';
import { encode, type DType } from '../tensor';
import { bindObjective } from './objectives';
import { encodePrompt } from './operators';

const FOLDER = join(import.meta.dirname, '../../static-models/base');
const files = new Map(POLICY_FILES.map((name) => [name, new Uint8Array(readFileSync(join(FOLDER, name)))]));
const SEED = 5;

ort.env.wasm.numThreads = 1;
const runtimes: Record<string, () => Runtime> = {
  'onnxruntime-node': () => createNodeRuntime(1),
  WASM: () => new ArrayRuntime(ort, { name: 'wasm', threads: 1, detail: 'in Node' }, { executionProviders: ['wasm'] }, false),
};

/** One output of a plain graph on whole answers, its last axes by answer and token of the answer: [answers][tokens][…]. */
async function plain(
  policy: TrainablePolicy & { config: LlamaConfig },
  rollouts: readonly Rollout[],
  what: 'logits' | 'logProbs',
  dtype: DType,
): Promise<Float64Array[][]> {
  const length = Math.max(...rollouts.map((r) => r.prompt.length + r.tokens.length)) - 1;
  const batch = rollouts.length;
  const bucket = { batch, length };
  const width = what === 'logits' ? policy.config.vocabSize : 1;
  const runtime = createNodeRuntime(2, { optimization: 'basic' });
  const graph = what === 'logits' ? logitsGraph(policy.config, bucket, dtype) : scoreGraph(policy.config, bucket, { dtype });
  const session = await runtime.createSession(encode(graph));
  const tokens = (skip: number): HostTensor => {
    const data = new Int32Array(batch * length);
    rollouts.forEach((r, i) => data.set([...r.prompt, ...r.tokens].slice(skip, length + skip), i * length));
    return { shape: [batch, length], data };
  };
  const { parameters } = await policy.checkpoint();
  const data = dtype === 'f64' ? Float64Array.from(parameters) : parameters;
  const feeds: Record<string, HostTensor> = { parameters: { shape: [data.length], data }, ids: tokens(0) };
  if (what === 'logProbs') feeds.targets = tokens(1);
  const out = (await session.run(feeds, { [what]: 'host' }))[what] as Float64Array;
  await session.release();
  await runtime.dispose();
  return rollouts.map((r, i) =>
    Array.from({ length: r.tokens.length }, (_, t) => {
      const from = (i * length + r.prompt.length - 1 + t) * width;
      return Float64Array.from(out.subarray(from, from + width));
    }),
  );
}

function softmax(z: Float64Array): Float64Array {
  const max = Math.max(...z);
  const e = z.map((x) => Math.exp(x - max));
  const total = e.reduce((a, b) => a + b, 0);
  return e.map((x) => x / total);
}
const quantile = (xs: readonly number[], q: number): number => [...xs].sort((a, b) => a - b)[Math.floor(q * (xs.length - 1))]!;
const differences = (a: readonly ArrayLike<number>[], b: readonly ArrayLike<number>[]): number[] =>
  a.flatMap((row, i) => Array.from(row, (x, t) => Math.abs(x - b[i]![t]!)));

for (const [name, runtime] of Object.entries(runtimes)) {
  describe(`the bundled policy on ${name}`, () => {
    const run = async (n: number, temperature: number) => {
      const policy = await loadPolicyFolder(files, runtime(), 'base', { ownsRuntime: true });
      const task = tinymath(policy.tokenizer);
      const prompts = task.problems('validation', 6, SEED).map((p) => ({
        key: p.id,
        tokens: Int32Array.from(encodePrompt(policy.tokenizer, task.messages(p)).tokens),
      }));
      const rollouts: Rollout[] = [];
      const request = { prompts, n, temperature, topP: 1, seed: SEED, purpose: 'precision', maxNewTokens: 128 };
      for await (const r of policy.sample(request)) rollouts.push(r);
      return { policy, rollouts };
    };

    it('draws and scores as the plain graph does, as exactly as f32 allows', async () => {
      const { policy, rollouts } = await run(8, 1);
      const logProbsIn = async (dtype: DType) => (await plain(policy, rollouts, 'logProbs', dtype)).map((row) => row.map(([x]) => x!));
      const [reference, exact] = [await logProbsIn('f32'), await logProbsIn('f64')];
      const sequences = rollouts.map((r) => ({ ids: Int32Array.from([...r.prompt, ...r.tokens]), from: r.prompt.length }));
      const scores = await policy.score(sequences);

      const ours = { sampler: rollouts.map((r) => r.logProbs), score: scores.map((s) => s.logProbs) };
      const rounding = differences(reference, exact);
      for (const [what, logProbs] of Object.entries(ours)) {
        expect([what, quantile(differences(logProbs, reference), 0.99) < 1e-5]).toEqual([what, true]);
        for (const q of [0.5, 0.9, 0.99]) {
          const [error, plains] = [quantile(differences(logProbs, exact), q), quantile(rounding, q)];
          // And two units in the last place of a probability near 1, since the sampler takes the log of one.
          expect([what, q, error < 1.5 * plains + 2.4e-7]).toEqual([what, q, true]);
        }
      }

      const logits = await plain(policy, rollouts, 'logits', 'f32');
      rollouts.forEach((r, i) =>
        r.tokens.forEach((token, t) => {
          const p = softmax(logits[i]![t]!);
          const below = p.subarray(0, token).reduce((a, b) => a + b, 0);
          const u = uniform(SEED, 'precision', r.key, r.candidate, t);
          expect(u).toBeGreaterThan(below - 1e-5);
          expect(u).toBeLessThan(below + p[token]! + 1e-5);
        }),
      );

      const tokens = sequences.reduce((n, s) => n + s.ids.length - s.from, 0);
      const trainee = await policy.fork();
      const { loss } = await trainee.accumulate(sequences, bindObjective({ id: 'sft' }), tokens);
      for (const logProbs of [reference, exact]) {
        const mean = -logProbs.flat().reduce((a, b) => a + b, 0) / tokens;
        expect(Math.abs(loss / tokens - mean)).toBeLessThan(1e-5);
      }
      await trainee.dispose();
      await policy.dispose();
    });

    it('writes what the plain graph finds most likely at temperature 0', async () => {
      const { policy, rollouts } = await run(1, 0);
      const logits = await plain(policy, rollouts, 'logits', 'f32');
      rollouts.forEach((r, i) => {
        expect(r.tokens.length).toBeGreaterThan(5);
        r.tokens.forEach((token, t) => expect(logits[i]![t]![token]!).toBeGreaterThanOrEqual(Math.max(...logits[i]![t]!) - 1e-5));
      });
      await policy.dispose();
    });
  });
}
