/**
 * One training step in jax-js as its documentation writes it: parameters as a tree, a loss, `valueAndGrad`, AdamW in array operators, all of it
 * one jitted function. Weights are [out, in] (measured faster than [in, out]); the target's log-prob is taken by a one-hot product, since `jit`
 * cannot compile the gradient of `takeAlongAxis`. Its rule of ownership: a function consumes its arguments, and `.ref` keeps one for another use.
 */
import { blockUntilReady, defaultDevice, init, jit, lax, nn, numpy as np, tree, valueAndGrad } from '@jax-js/jax';
import type { LlamaConfig } from '../../../src/policy/config';
import type { StepSettings } from '../engine';
import { ADAMW, type DenseBatch, type Matrix, type Trainer, type TrainModel } from './model';

type Layer = { inputNorm: np.Array; qkv: np.Array; output: np.Array; postNorm: np.Array; gateUp: np.Array; down: np.Array };
type Params = { embedding: np.Array; norm: np.Array; layers: Layer[] };
type Batch = { ids: np.Array; targets: np.Array; mask: np.Array; cos: np.Array; sin: np.Array; causal: np.Array };

function rmsNorm(x: np.Array, weight: np.Array, eps: number): np.Array {
  const scale = np.sqrt(np.mean(np.square(x.ref), -1, { keepdims: true }).add(eps));
  return x.div(scale).mul(weight);
}

/** x [B, T, heads, hd]; cos and sin [T, 1, hd]. */
function rope(x: np.Array, cos: np.Array, sin: np.Array): np.Array {
  const [a, b] = np.split(x.ref, 2, -1) as [np.Array, np.Array];
  return x.mul(cos).add(np.concatenate([b.neg(), a], -1).mul(sin));
}

function forward(c: LlamaConfig, p: Params, { ids, cos, sin, causal }: Omit<Batch, 'targets' | 'mask'>): np.Array {
  const [batch, length] = ids.shape as [number, number];
  const { heads, kvHeads, headDim: hd } = c;
  const group = heads / kvHeads;
  let x = np.take(p.embedding.ref, ids, 0);
  for (const layer of p.layers) {
    const qkv = np.matmul(rmsNorm(x.ref, layer.inputNorm, c.rmsNormEps), layer.qkv.transpose());
    const [q, k, v] = np.split(qkv.reshape([batch, length, heads + 2 * kvHeads, hd]), [heads, heads + kvHeads], 2) as [
      np.Array,
      np.Array,
      np.Array,
    ];
    // Heads that share a key-value head are rows of one product: [B, kv, G·T, hd].
    const queries = rope(q, cos.ref, sin.ref).reshape([batch, length, kvHeads, group, hd]).transpose([0, 2, 3, 1, 4]);
    const keys = rope(k, cos.ref, sin.ref).transpose([0, 2, 3, 1]);
    const scores = np.matmul(queries.reshape([batch, kvHeads, group * length, hd]), keys).mul(1 / Math.sqrt(hd));
    const weights = nn.softmax(scores.reshape([batch, kvHeads, group, length, length]).add(causal.ref), -1);
    const attended = np.matmul(weights.reshape([batch, kvHeads, group * length, length]), v.transpose([0, 2, 1, 3]));
    const merged = attended
      .reshape([batch, kvHeads, group, length, hd])
      .transpose([0, 3, 1, 2, 4])
      .reshape([batch, length, heads * hd]);
    x = x.add(np.matmul(merged, layer.output.transpose()));
    const both = np.matmul(rmsNorm(x.ref, layer.postNorm, c.rmsNormEps), layer.gateUp.transpose());
    const [gate, up] = np.split(both, 2, -1) as [np.Array, np.Array];
    x = x.add(np.matmul(nn.silu(gate).mul(up), layer.down.transpose()));
  }
  cos.dispose();
  sin.dispose();
  causal.dispose();
  return np.matmul(rmsNorm(x, p.norm, c.rmsNormEps), p.embedding.transpose());
}

export async function jaxTrainer(
  { config, weights }: TrainModel,
  dense: DenseBatch,
  { objective, learningRate }: StepSettings,
  device: 'wasm' | 'webgpu' = 'wasm',
): Promise<Trainer> {
  if (!(await init(device)).includes(device)) throw new Error(`jax-js found no ${device} here.`);
  defaultDevice(device);
  const { batch, length, tokens } = dense;
  const array = ({ shape, data }: Matrix): np.Array => np.array(data.slice(), { shape });

  const loss = (p: Params, { targets, mask, ...rest }: Batch): np.Array => {
    const logits = forward(config, p, rest);
    const all = nn.logSoftmax(logits, -1);
    const logp = np.sum(all.mul(nn.oneHot(targets, config.vocabSize)), -1);
    const each = objective === 'sft' ? logp : lax.stopGradient(np.exp(logp.ref)).mul(logp);
    return np.sum(each.mul(mask)).mul(-1 / tokens);
  };

  const step = jit((p: Params, m: Params, v: Params, b: Batch, correction1: np.Array, correction2: np.Array) => {
    const [value, gradient] = valueAndGrad(loss)(tree.ref(p), b);
    const squares = tree.leaves(gradient).map((g) => np.sum(np.square(g.ref)));
    const norm = np.sqrt(squares.reduce((a, s) => a.add(s)));
    const clip = np.minimum(np.divide(ADAMW.clipNorm, norm.add(1e-6)), 1);
    const [ps, ms, vs, gs] = [p, m, v, gradient].map((t) => tree.leaves(t)) as [np.Array[], np.Array[], np.Array[], np.Array[]];
    const next: [np.Array[], np.Array[], np.Array[]] = [[], [], []];
    gs.forEach((raw, i) => {
      const g = raw.mul(clip.ref);
      const m1 = ms[i]!.mul(ADAMW.beta1).add(g.ref.mul(1 - ADAMW.beta1));
      const v1 = vs[i]!.mul(ADAMW.beta2).add(np.square(g).mul(1 - ADAMW.beta2));
      const update = m1.ref.div(correction1.ref).div(np.sqrt(v1.ref.div(correction2.ref)).add(ADAMW.epsilon));
      const old = ps[i]!;
      const decayed = old.shape.length === 2 ? update.add(old.ref.mul(ADAMW.weightDecay)) : update;
      next[0].push(old.sub(decayed.mul(learningRate)));
      next[1].push(m1);
      next[2].push(v1);
    });
    clip.dispose();
    correction1.dispose();
    correction2.dispose();
    const [, shape] = tree.flatten(m);
    return [value, ...next.map((leaves) => tree.unflatten(shape, leaves))] as [np.Array, Params, Params, Params];
  });

  const { embedding, norm, layers } = weights;
  let p: Params = {
    embedding: array(embedding),
    norm: array(norm),
    layers: layers.map((l) => Object.fromEntries(Object.entries(l).map(([k, x]) => [k, array(x)])) as Layer),
  };
  const zeros = (): Params => tree.map<np.Array, np.Array, Params>((x) => np.zerosLike(x), tree.ref(p));
  let [m, v] = [zeros(), zeros()];
  const causal = new Float32Array(length * length);
  for (let i = 0; i < length; i++) causal.fill(-1e9, i * length + i + 1, (i + 1) * length);
  const plane = (data: Float32Array | Int32Array, ...shape: number[]): np.Array =>
    np.array(data.slice(), { shape, ...(data instanceof Int32Array && { dtype: np.int32 }) });
  const data: Batch = {
    ids: plane(dense.ids, batch, length),
    targets: plane(dense.targets, batch, length),
    mask: plane(dense.mask, batch, length),
    cos: plane(dense.cos, length, 1, config.headDim),
    sin: plane(dense.sin, length, 1, config.headDim),
    causal: plane(causal, length, length),
  };
  let steps = 0;
  return {
    detail: `jax-js on ${device}, jitted`,
    async step() {
      steps++;
      const corrections = [ADAMW.beta1, ADAMW.beta2].map((beta) => np.array(1 - beta ** steps)) as [np.Array, np.Array];
      const [value, ...next] = step(p, m, v, tree.ref(data), ...corrections);
      [p, m, v] = next;
      await blockUntilReady([p, m, v]);
      return ((await value.data()) as Float32Array)[0]!;
    },
    dispose() {
      for (const t of [p, m, v, data]) tree.dispose(t);
      step.dispose();
    },
  };
}
