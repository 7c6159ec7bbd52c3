import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { k3 } from '../diagnostics';
import { sum } from '../statistics';
import { encode, exp, gemm, grad, input, log, mul, neg, reduceSum, reshape, div } from '../../tensor';
import { createNodeRuntime } from '../../policy/runtime/node';
import type { Features } from '../../policy/objective';
import { perTokenLoss } from '../testing/tabular-policy';
import { bindDefinition, bindObjective, OBJECTIVES } from '.';
import type { ObjectiveDefinition } from './types';

const losses = async (id: string, logp: number[]) => [...(await perTokenLoss(bindObjective({ id }), logp)).losses];
const masked = (values: number[], mask: number[]) => sum(values.map((value, t) => value * mask[t]!));

describe('published values', () => {
  it('uniform logits: DFT = ln V / V', async () => {
    expect((await losses('dft', [Math.log(1 / 2)]))[0]).toBeCloseTo(0.346574, 6);
    expect((await losses('dft', [Math.log(1 / 50)]))[0]).toBeCloseTo(Math.log(50) / 50, 9);
  });

  it('two masked sequences, divided by 3 and doubled', async () => {
    const logp = [-0.2, -1, -2, -0.5, -0.7, -1.2];
    const mask = [1, 0, 1, 0, 1, 0];
    expect((masked(await losses('dft', logp), mask) / 3) * 2).toBeCloseTo(0.521351, 6);
    expect((masked(await losses('sft', logp), mask) / 3) * 2).toBeCloseTo(1.933333, 6);
  });

  it('sums with a k3 penalty', async () => {
    const logp = [-0.5, -1, -2];
    const mask = [1, 1, 0];
    const penalty = masked(
      [-0.7, -0.8, -2.5].map((base, t) => k3(base - logp[t]!)),
      mask,
    );
    const dft = masked(await losses('dft', logp), mask);
    expect(dft).toBeCloseTo(0.671145, 6);
    expect(dft + 0.2 * penalty).toBeCloseTo(0.679171, 6);
    expect(masked(await losses('sft', logp), mask) + 0.2 * penalty).toBeCloseTo(1.508027, 6);
  });

  it('p = 0.1: the gradient by the target logit has the weight detached', async () => {
    const attached: ObjectiveDefinition = { ...OBJECTIVES.dft!, id: 'attached', loss: ({ logp }) => neg(mul(exp(logp), logp)) };
    expect(await targetLogitGradient(OBJECTIVES.dft!)).toBeCloseTo(-0.09, 6);
    // The usual bug, as a control: without stop-gradient the sign turns.
    expect(await targetLogitGradient(attached)).toBeCloseTo(0.117233, 6);
  });
});

/** ∂ℓ/∂z_y for a softmax over two tokens with p_y = 0.1. */
async function targetLogitGradient(definition: ObjectiveDefinition): Promise<number> {
  const z = input('z', [1, 2], 'f64');
  const select = input('select', [2, 1], 'f64');
  const p = exp(z);
  const logp = log(div(gemm(p, select), reduceSum(p, [1], true)));
  const loss = bindDefinition(definition).loss({ logp } as Features);
  const [gradient] = grad(reshape(loss, []), [z]);
  const runtime = createNodeRuntime(1, { optimization: 'basic' });
  const session = await runtime.createSession(encode({ gradient: gradient! }));
  const feeds = {
    z: { shape: [1, 2], data: Float64Array.from([Math.log(0.1), Math.log(0.9)]) },
    select: { shape: [2, 1], data: Float64Array.from([1, 0]) },
  };
  const out = await session.run(feeds, { gradient: 'host' });
  await session.release();
  return Number(out.gradient[0]);
}

describe('properties', () => {
  it('DFT ≤ NLL; its gradient is that of Σ(1 − p)', async () => {
    const logps = fc.sample(fc.double({ min: -30, max: 0, noNaN: true }), { numRuns: 300, seed: 1 });
    const dft = await perTokenLoss(bindObjective({ id: 'dft' }), logps);
    const sft = await perTokenLoss(bindObjective({ id: 'sft' }), logps);
    for (const [t, logp] of logps.entries()) {
      expect(dft.losses[t]).toBeLessThanOrEqual(sft.losses[t]!);
      expect(dft.losses[t]).toBeLessThanOrEqual(1 / Math.E + 1e-12);
      expect(sft.weights[t]).toBe(1);
      // d(1 − p)/d log p = −p = −w
      expect(dft.weights[t]).toBeCloseTo(Math.exp(logp), 12);
    }
  });
});

describe('PSFT', () => {
  const psft = bindObjective({ id: 'psft' });
  it('pulls like SFT where the policy is π_old, and stops above the upper bound', async () => {
    const old = [-0.1, -1, -2, -2];
    const logp = [-0.1, -1, -2 + Math.log(1.2), -2 + Math.log(1.3)];
    const { losses, weights } = await perTokenLoss(psft, logp, { oldLogp: old });
    expect([...losses].map((loss) => -loss)).toEqual([1, 1, 1.2, 1.28].map((r) => expect.closeTo(r, 12) as number));
    expect([...weights]).toEqual([1, 1, 1.2, 0].map((w) => expect.closeTo(w, 12) as number));
  });
  it('below the lower bound the ratio itself is the smaller one, and pulls', async () => {
    const { weights } = await perTokenLoss(psft, [-3], { oldLogp: [-1] });
    expect(weights[0]).toBeCloseTo(Math.exp(-2), 12);
  });
});

describe('bindObjective', () => {
  it('names what is unknown', () => {
    expect(() => bindObjective({ id: 'dpo' })).toThrow('There is no objective "dpo". Known objectives: sft, dft, psft');
    expect(() => bindObjective({ id: 'toString' })).toThrow('There is no objective');
    expect(() => bindObjective({ id: 'dft', params: { alpha: 1 } })).toThrow('has no parameter "alpha"');
  });

  it('binds defaults, checks ranges and puts parameters into the key', () => {
    const power: ObjectiveDefinition = {
      ...OBJECTIVES.dft!,
      id: 'power',
      params: { alpha: { name: 'α', description: '', default: 0.5, min: 0, max: 4 } },
    };
    expect(bindDefinition(power).key).toBe('power(alpha=0.5)');
    expect(bindDefinition(power, { alpha: 2 }).key).toBe('power(alpha=2)');
    expect(() => bindDefinition(power, { alpha: 5 })).toThrow('from 0 to 4, not 5');
    expect(() => bindDefinition(power, { alpha: NaN })).toThrow('from 0 to 4, not NaN');
    expect(bindObjective({ id: 'sft' })).toMatchObject({ key: 'sft', needs: [], innerSteps: 1 });
  });

  it('has ids that match their keys and defaults within their ranges', () => {
    for (const [id, definition] of Object.entries(OBJECTIVES)) {
      expect(definition.id).toBe(id);
      for (const param of Object.values(definition.params)) {
        expect(param.default).toBeGreaterThanOrEqual(param.min);
        expect(param.default).toBeLessThanOrEqual(param.max);
      }
    }
  });
});
