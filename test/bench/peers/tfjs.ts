/**
 * One training step in TensorFlow.js on its WASM backend: variables, `variableGrads`, AdamW in its operators. Written for that backend's
 * strengths: it hands a product of two plain matrices to XNNPACK and computes batched or transposed ones in a simple loop, so linear layers
 * and attention have their gradients (`tf.customGrad`) in plain products with explicit transposes. It has no UnsortedSegmentSum, which the
 * gradient of `gather` needs: the embedding's is a product with one-hot rows.
 */
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { getThreadsCount } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import type { LlamaConfig } from '../../../src/policy/config';
import type { StepSettings } from '../engine';
import { ADAMW, type DenseBatch, type Matrix, type Trainer, type TrainModel } from './model';

interface Differentiable {
  value: tf.Tensor;
  gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => tf.Tensor[];
}
/** `tf.customGrad` with its inputs and its `save` apart. */
const custom = (f: (inputs: tf.Tensor[], save: tf.GradSaveFunc) => Differentiable): ((...inputs: tf.Tensor[]) => tf.Tensor) =>
  tf.customGrad((...all) => f(all.slice(0, -1) as tf.Tensor[], all[all.length - 1] as tf.GradSaveFunc));

const transposed = (x: tf.Tensor): tf.Tensor => tf.transpose(x);

/** x·w of [n, in] and [in, out]. */
const linear = custom(([x, w], save) => {
  save([x!, w!]);
  return {
    value: tf.matMul(x!, w!),
    gradFunc: (dy, [x, w]) => [tf.matMul(dy, transposed(w!)), tf.matMul(transposed(x!), dy)],
  };
});

/** a·b of [n, m, k] and [n, k, p], one plain product each. */
const products = (a: tf.Tensor, b: tf.Tensor): tf.Tensor => {
  const [as, bs] = [tf.unstack(a), tf.unstack(b)];
  return tf.stack(as.map((x, i) => tf.matMul(x, bs[i]!)));
};
const swapped = (x: tf.Tensor): tf.Tensor => tf.transpose(x, [0, 2, 1]);
const batchMatMul = custom(([a, b], save) => {
  save([a!, b!]);
  return {
    value: products(a!, b!),
    gradFunc: (dy, [a, b]) => [products(dy, swapped(b!)), products(swapped(a!), dy)],
  };
});

/** Rows of a table [V, d] by ids [n]. */
const embed = (table: tf.Tensor, ids: tf.Tensor1D): tf.Tensor =>
  custom(([t]) => ({
    value: tf.gather(t!, ids),
    gradFunc: (dy) => [tf.matMul(transposed(tf.cast(tf.oneHot(ids, table.shape[0]), 'float32')), dy)],
  }))(table);

/** Sum of the objective over the mask, divided by `tokens`: the loss of logits [n, V], with p − onehot for the gradient. */
const tokenLoss = (logits: tf.Tensor, targets: tf.Tensor, mask: tf.Tensor, tokens: number, objective: 'sft' | 'dft'): tf.Scalar =>
  custom(([z], save) => {
    const shifted = tf.sub(z!, tf.max(z!, 1, true));
    const e = tf.exp(shifted);
    const total = tf.sum(e, 1, true);
    const logp = tf.sub(tf.sum(tf.mul(shifted, targets), 1), tf.log(tf.reshape(total, [-1])));
    const weight = tf.mul(objective === 'dft' ? tf.mul(tf.exp(logp), mask) : mask, 1 / tokens);
    save([tf.div(e, total), weight]);
    return {
      value: tf.neg(tf.sum(tf.mul(weight, logp))),
      gradFunc: (dy, [p, weight]) => [tf.mul(tf.sub(p!, targets), tf.mul(tf.reshape(weight!, [-1, 1]), dy))],
    };
  })(logits) as tf.Scalar;

const rmsNorm = (x: tf.Tensor, weight: tf.Tensor, eps: number): tf.Tensor =>
  tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), eps))), weight);

/** x [B, T, heads, hd]; cos and sin [T, 1, hd]. */
function rope(x: tf.Tensor, cos: tf.Tensor, sin: tf.Tensor): tf.Tensor {
  const [a, b] = tf.split(x, 2, -1) as [tf.Tensor, tf.Tensor];
  return tf.add(tf.mul(x, cos), tf.mul(tf.concat([tf.neg(b), a], -1), sin));
}

interface Layer {
  inputNorm: tf.Variable;
  qkv: tf.Variable;
  output: tf.Variable;
  postNorm: tf.Variable;
  gateUp: tf.Variable;
  down: tf.Variable;
}

export async function tfjsTrainer({ config, weights }: TrainModel, dense: DenseBatch, settings: StepSettings): Promise<Trainer> {
  if (!(await tf.setBackend('wasm'))) throw new Error('TensorFlow.js could not start its WASM backend.');
  await tf.ready();
  const { batch, length, tokens } = dense;
  /** Matrices are kept as [in, out], so that the forward product is a plain one. */
  const variable = ({ shape, data }: Matrix): tf.Variable =>
    tf.tidy(() => {
      const x = tf.tensor(data, shape);
      return tf.variable(shape.length === 2 ? tf.transpose(x) : x);
    });
  const embedding = tf.variable(tf.tensor(weights.embedding.data, weights.embedding.shape));
  const norm = variable(weights.norm);
  const layers = weights.layers.map((l) => Object.fromEntries(Object.entries(l).map(([k, x]) => [k, variable(x)])) as never) as Layer[];
  const variables = [embedding, norm, ...layers.flatMap((l) => Object.values(l) as tf.Variable[])];
  const moments = variables.map((x) => ({ m: tf.variable(tf.zerosLike(x)), v: tf.variable(tf.zerosLike(x)) }));

  const ids = tf.tensor1d(dense.ids, 'int32');
  const targets = tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(dense.targets, 'int32'), config.vocabSize), 'float32'));
  const mask = tf.tensor1d(dense.mask);
  const cos = tf.tensor(dense.cos, [length, 1, config.headDim]);
  const sin = tf.tensor(dense.sin, [length, 1, config.headDim]);
  const bias = new Float32Array(length * length);
  for (let i = 0; i < length; i++) bias.fill(-1e9, i * length + i + 1, (i + 1) * length);
  const causal = tf.tensor2d(bias, [length, length]);

  const attention = (qkv: tf.Tensor, c: LlamaConfig): tf.Tensor => {
    const { heads, kvHeads, headDim: hd } = c;
    const group = heads / kvHeads;
    const parts = tf.split(tf.reshape(qkv, [batch, length, heads + 2 * kvHeads, hd]), [heads, kvHeads, kvHeads], 2);
    const [q, k, v] = parts as [tf.Tensor, tf.Tensor, tf.Tensor];
    const queries = tf.transpose(tf.reshape(rope(q, cos, sin), [batch, length, kvHeads, group, hd]), [0, 2, 3, 1, 4]);
    const keys = tf.transpose(rope(k, cos, sin), [0, 2, 3, 1]);
    const n = batch * kvHeads;
    const scores = batchMatMul(tf.reshape(tf.mul(queries, 1 / Math.sqrt(hd)), [n, group * length, hd]), tf.reshape(keys, [n, hd, length]));
    const p = tf.softmax(tf.add(tf.reshape(scores, [n * group, length, length]), causal));
    const values = tf.reshape(tf.transpose(v, [0, 2, 1, 3]), [n, length, hd]);
    const out = tf.reshape(batchMatMul(tf.reshape(p, [n, group * length, length]), values), [batch, kvHeads, group, length, hd]);
    return tf.reshape(tf.transpose(out, [0, 3, 1, 2, 4]), [batch * length, heads * hd]);
  };

  const loss = (): tf.Scalar => {
    let x: tf.Tensor = embed(embedding, ids);
    for (const l of layers) {
      x = tf.add(x, linear(attention(linear(rmsNorm(x, l.inputNorm, config.rmsNormEps), l.qkv), config), l.output));
      const [gate, up] = tf.split(linear(rmsNorm(x, l.postNorm, config.rmsNormEps), l.gateUp), 2, 1) as [tf.Tensor, tf.Tensor];
      x = tf.add(x, linear(tf.mul(tf.mul(gate, tf.sigmoid(gate)), up), l.down));
    }
    return tokenLoss(linear(rmsNorm(x, norm, config.rmsNormEps), tf.transpose(embedding)), targets, mask, tokens, settings.objective);
  };

  let steps = 0;
  return {
    detail: `TensorFlow.js ${tf.version_core}, backend ${tf.getBackend()}, ${getThreadsCount()} threads`,
    async step() {
      steps++;
      const value = tf.tidy(() => {
        const { value, grads } = tf.variableGrads(loss, variables);
        const gradients = variables.map((x) => grads[x.name]!);
        const norm = tf.sqrt(tf.addN(gradients.map((g) => tf.sum(tf.square(g)))));
        const clip = tf.minimum(tf.div(ADAMW.clipNorm, tf.add(norm, 1e-6)), 1);
        const [c1, c2] = [1 - ADAMW.beta1 ** steps, 1 - ADAMW.beta2 ** steps];
        variables.forEach((x, i) => {
          const { m, v } = moments[i]!;
          const g = tf.mul(gradients[i]!, clip);
          m.assign(tf.add(tf.mul(m, ADAMW.beta1), tf.mul(g, 1 - ADAMW.beta1)));
          v.assign(tf.add(tf.mul(v, ADAMW.beta2), tf.mul(tf.square(g), 1 - ADAMW.beta2)));
          const update = tf.div(tf.mul(m, 1 / c1), tf.add(tf.sqrt(tf.mul(v, 1 / c2)), ADAMW.epsilon));
          const decayed = x.rank === 2 ? tf.add(update, tf.mul(x, ADAMW.weightDecay)) : update;
          x.assign(tf.sub(x, tf.mul(decayed, settings.learningRate)));
        });
        return value;
      });
      const [out] = await value.data();
      value.dispose();
      return out!;
    },
    dispose: () => tf.disposeVariables(),
  };
}
