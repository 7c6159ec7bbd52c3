import { describe, expect, it } from 'vitest';
import { encode, exp, mul, neg, stopGradient, sub } from '../../tensor';
import { testValues } from '../../tensor/testing/gradcheck';
import type { LlamaConfig } from '../config';
import type { Objective } from '../objective';
import { initialParameters, parameterTable } from '../parameters';
import { createNodeRuntime } from '../runtime/node';
import type { HostTensor } from '../runtime/types';
import { accumulateGraph, METRICS } from './training';

const config: LlamaConfig = {
  vocabSize: 11,
  hiddenSize: 8,
  intermediateSize: 12,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 4,
  maxPositions: 16,
  ropeTheta: 100,
  rmsNormEps: 1e-6,
  tieEmbeddings: true,
};
const bucket = { batch: 2, length: 5 };
const sft: Objective = { key: 'sft', needs: [], loss: ({ logp }) => neg(logp) };
/** Uses every differentiable feature; not detached, so that central differences see all of it. */
const everything: Objective = {
  key: 'all',
  needs: [],
  loss: ({ logp, entropy, sumP2 }) => sub(sub(mul(exp(mul(logp, 0.5)), entropy), sumP2), logp),
};

const runtime = createNodeRuntime(1, { optimization: 'basic' });
const size = parameterTable(config).size;
const ids = testValues(10, 5, 0, config.vocabSize).map(Math.floor);
const targets = testValues(10, 6, 0, config.vocabSize).map(Math.floor);
const mask = [0, 1, 1, 1, 0, 0, 0, 1, 1, 1];
// Larger than the usual start, so that every path carries a gradient well above rounding.
const start = Float64Array.from(initialParameters(config, 1), (x) => (x === 1 ? 1 : x * 10));

function feeds(parameters: Float64Array): Record<string, HostTensor> {
  return {
    parameters: { shape: [size], data: parameters },
    accumulator: { shape: [size], data: new Float64Array(size) },
    ids: { shape: [2, 5], data: Int32Array.from(ids) },
    targets: { shape: [2, 5], data: Int32Array.from(targets) },
    mask: { shape: [2, 5], data: Float64Array.from(mask) },
    scale: { shape: [1], data: Float64Array.of(1 / 6) },
  };
}

async function worstError(objective: Objective, corrupt = 0): Promise<number> {
  const session = await runtime.createSession(encode(accumulateGraph(config, objective, bucket, { dtype: 'f64' })));
  const loss = async (p: Float64Array): Promise<number> =>
    Number((await session.run(feeds(p), { metrics: 'host' })).metrics[METRICS.indexOf('loss')]) / 6;
  const { gradient } = await session.run(feeds(start), { gradient: 'host' });
  let worst = -Infinity;
  const p = start.slice();
  // Every parameter of this small model would take minutes in CI; a fixed stride that is prime visits each tensor.
  for (let i = 0; i < size; i += 7) {
    p[i] = start[i]! + 1e-6;
    const up = await loss(p);
    p[i] = start[i]! - 1e-6;
    const down = await loss(p);
    p[i] = start[i]!;
    const numeric = (up - down) / 2e-6;
    worst = Math.max(worst, Math.abs(Number(gradient[i]) + corrupt - numeric) - 1e-5 - 1e-3 * Math.abs(numeric));
  }
  await session.release();
  return worst;
}

describe('the whole model against central differences in f64', () => {
  it('SFT', async () => expect(await worstError(sft)).toBeLessThanOrEqual(0));
  it('an objective of every feature', async () => expect(await worstError(everything)).toBeLessThanOrEqual(0));
  it('catches a gradient that is off by 1e-3', async () => expect(await worstError(sft, 1e-3)).toBeGreaterThan(5e-4));

  it('with the weight detached, DFT has the gradient of Σ(1 − p)', async () => {
    const dft: Objective = { key: 'dft', needs: [], loss: ({ logp }) => neg(mul(stopGradient(exp(logp)), logp)) };
    const oneMinusP: Objective = { key: '1-p', needs: [], loss: ({ logp }) => sub(1, exp(logp)) };
    const gradients = await Promise.all(
      [dft, oneMinusP].map(async (o) => {
        const session = await runtime.createSession(encode(accumulateGraph(config, o, bucket, { dtype: 'f64' })));
        return (await session.run(feeds(start), { gradient: 'host' })).gradient as Float64Array;
      }),
    );
    const difference = Math.max(...gradients[0]!.map((g, i) => Math.abs(g - gradients[1]![i]!)));
    expect(difference).toBeLessThan(1e-12);
  });
});
