/** A policy small enough for central differences and software GPUs, with random parameters. For tests. */
import type { LlamaConfig } from '../config';
import { OnnxPolicy } from '../onnx-policy';
import { initialParameters } from '../parameters';
import type { Runtime } from '../runtime/types';
import type { Tokenizer } from '../types';

export const MICRO: LlamaConfig = {
  vocabSize: 24,
  hiddenSize: 16,
  intermediateSize: 24,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 4,
  maxPositions: 96,
  ropeTheta: 1000,
  rmsNormEps: 1e-6,
  tieEmbeddings: true,
};

/** Letters a … w and EOS (id 0, written '.'). */
export const microTokenizer: Tokenizer = {
  vocabSize: 24,
  eosId: 0,
  padId: 0,
  encode: (text) => Int32Array.from(text, (c) => (c === '.' ? 0 : c.charCodeAt(0) - 96)),
  decode: (ids, skipSpecial = true) => Array.from(ids, (i) => (i === 0 ? (skipSpecial ? '' : '.') : String.fromCharCode(96 + i))).join(''),
  renderChat: (messages) => messages.map((m) => m.content).join(''),
};

/** Logits spread enough that samples vary and greedy choices are clear of ties. */
export function microPolicy(runtime: Runtime, seed = 1, blockSteps?: number): OnnxPolicy {
  const parameters = initialParameters(MICRO, seed).map((x) => (x === 1 ? 1 : x * 12));
  return OnnxPolicy.create({
    name: 'micro',
    id: `micro-${seed}`,
    config: MICRO,
    tokenizer: microTokenizer,
    runtime,
    parameters,
    blockSteps,
  });
}
