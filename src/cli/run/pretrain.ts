/** Pre-training of a policy from scratch on a world's stream of texts. Seeded, logged, resumable. */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { folderOf, policyId } from '../../policy/folder';
import { LENGTH_STEP, roundUp, TARGET_POSITIONS } from '../../policy/buckets';
import { OnnxPolicy } from '../../policy/onnx-policy';
import { initialParameters, parameterTable } from '../../policy/parameters';
import type { LlamaConfig } from '../../policy/config';
import { createNodeRuntime } from '../../policy/runtime/node';
import { nodeReplicas } from '../../policy/runtime/node-replicas';
import { readSafetensors, toFloat32, writeSafetensors, fromFloat32 } from '../../policy/safetensors';
import { loadTokenizer } from '../../policy/tokenizer';
import type { Tokenizer, TrainExample } from '../../policy/types';
import { bindObjective } from '../../method/objectives';
import { learningRateAt } from '../../method/schedule';
import { pretrainingExamples, type World } from '../../tasks/world';
import { world as findWorld } from '../../tasks/worlds';
import { asInput, InputError } from '../errors';
import { writeWhole } from '../output';

export interface PretrainOptions {
  /** The world whose texts are learnt: tinymath, letters. */
  world: string;
  /** Folder that holds tokenizer.json and tokenizer_config.json and receives the policy. */
  out: string;
  /** Folder of the resumable state. */
  state: string;
  steps: number;
  /** Micro-batches (of about 1,500 positions) accumulated into one optimizer step. */
  microBatches: number;
  learningRate: number;
  seed: number;
  threads: number;
  layers: number;
  hidden: number;
  headDim: number;
  /** Seconds between saved states. */
  saveEvery: number;
}

interface State {
  step: number;
  tokens: number;
  seconds: number;
  /** Options that a resumed run must share. */
  key: string;
}

/** The bundled policies' architecture. @throws InputError where heads do not divide the hidden size into pairs. */
export function bundledConfig(
  vocabSize: number,
  { layers, hidden, headDim }: Pick<PretrainOptions, 'layers' | 'hidden' | 'headDim'>,
): LlamaConfig {
  const heads = hidden / headDim;
  if (heads % 2 !== 0) throw new InputError(`A hidden size of ${hidden} is not an even number of heads of ${headDim}.`);
  return {
    vocabSize,
    hiddenSize: hidden,
    intermediateSize: Math.round((hidden * 8) / 3 / 32) * 32,
    layers,
    heads,
    kvHeads: heads / 2,
    headDim,
    maxPositions: 256,
    ropeTheta: 10_000,
    rmsNormEps: 1e-6,
    tieEmbeddings: true,
  };
}

/** @throws InputError where the tokenizer is missing, or the saved state belongs to other options. */
export async function pretrain(o: PretrainOptions, log: (line: string) => void, signal: AbortSignal): Promise<void> {
  const world = await asInput(() => findWorld(o.world));
  const files = new Map<string, Uint8Array>();
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    const bytes = await readFile(join(o.out, name)).catch(() => null);
    if (!bytes)
      throw new InputError(
        `${join(o.out, name)} is missing; write it with \`npx tsx src/cli/make-tokenizer.ts --out ${o.out} --world ${world.id}\`.`,
      );
    files.set(name, new Uint8Array(bytes));
  }
  const text = (name: string): string => new TextDecoder().decode(files.get(name));
  const tokenizer = loadTokenizer(text('tokenizer.json'), text('tokenizer_config.json'));
  const config = bundledConfig(tokenizer.vocabSize, o);
  const parameters = initialParameters(config, o.seed);
  const policy = OnnxPolicy.create({
    name: world.id,
    id: await policyId(config, parameters),
    config,
    tokenizer,
    runtime: createNodeRuntime(1),
    replicas: nodeReplicas(o.threads),
    parameters,
  });
  // The number of steps is not part of it: a run may be made longer or shorter on the way.
  const key = JSON.stringify({
    world: world.id,
    microBatches: o.microBatches,
    learningRate: o.learningRate,
    seed: o.seed,
    config,
  });
  const state = await restore(o.state, policy, key);
  log(
    `${policy.parameterCount} parameters, ${o.steps} steps of ${o.microBatches} micro-batches${state.step ? `, going on at step ${state.step}` : ''}`,
  );

  const batches = fullMicroBatches(world, tokenizer, o.seed);
  // The stream is a function of the seed alone: a resumed run skips what was seen.
  for (let i = 0; i < state.step * o.microBatches; i++) batches.next();
  const objective = bindObjective({ id: 'sft' });
  let began = performance.now();
  let saved = began;
  const recent = { nll: 0, tokens: 0, correct: 0 };
  const elapsed = (): number => state.seconds + (performance.now() - began) / 1000;
  const save = async (): Promise<void> => {
    state.seconds = elapsed();
    began = saved = performance.now();
    await store(o.state, policy, state);
    const checkpoint = await policy.checkpoint();
    for (const [name, bytes] of folderOf(config, checkpoint.parameters, tokenizer, files, { dtype: 'F16' }))
      await writeWhole(join(o.out, name), bytes);
  };
  while (state.step < o.steps && !signal.aborted) {
    const step = Array.from({ length: o.microBatches }, () => batches.next().value);
    const tokens = step.flat().reduce((n, e) => n + e.ids.length - e.from, 0);
    for (const examples of step) {
      const sums = await policy.accumulate(examples, objective, tokens);
      recent.nll += sums.nll;
      recent.tokens += sums.tokens;
      recent.correct += sums.correctTokens;
      state.tokens += examples.reduce((n, e) => n + e.ids.length, 0);
    }
    const learningRate = learningRateAt(state.step + 1, o.steps, o.learningRate, 0.02);
    const { applied, gradNorm } = await policy.apply({ learningRate, weightDecay: 0.01 });
    if (!applied) throw new Error(`The gradient of step ${state.step} is not finite (norm ${gradNorm}).`);
    state.step++;
    if (state.step % 20 === 0 || state.step === o.steps) {
      const rate = Math.round(state.tokens / elapsed());
      const left = ((o.steps - state.step) * elapsed()) / state.step / 60;
      log(
        `step ${state.step}/${o.steps} nll ${(recent.nll / recent.tokens).toFixed(4)} accuracy ${(recent.correct / recent.tokens).toFixed(4)} ` +
          `norm ${gradNorm.toFixed(2)} lr ${learningRate.toExponential(2)} tokens ${(state.tokens / 1e6).toFixed(2)}M ${rate}/s, ${left.toFixed(1)} min left`,
      );
      recent.nll = recent.tokens = recent.correct = 0;
    }
    if ((performance.now() - saved) / 1000 > o.saveEvery) await save();
  }
  await save();
  await policy.dispose();
  log(`${state.step} steps, ${(state.tokens / 1e6).toFixed(2)} M tokens, ${(state.seconds / 60).toFixed(1)} minutes; written to ${o.out}`);
}

/** Rows of a full micro-batch of this length: a multiple of four. */
const fullBatch = (length: number): number => 4 * Math.max(1, Math.floor(TARGET_POSITIONS / length / 4));

/**
 * Examples grouped by length as they come, each group as many as fill one micro-batch exactly: no padding rows, and one graph per
 * length. Long examples wait longer for their group, which changes their order and not how many there are.
 */
function* fullMicroBatches(world: World, tokenizer: Tokenizer, seed: number): Generator<TrainExample[], never, void> {
  const bins = new Map<number, TrainExample[]>();
  for (const { prompt, response } of pretrainingExamples(world, tokenizer, seed)) {
    const ids = new Int32Array(prompt.length + response.length);
    ids.set(prompt);
    ids.set(response, prompt.length);
    const length = roundUp(ids.length - 1, LENGTH_STEP);
    const bin = bins.get(length) ?? [];
    bins.set(length, bin);
    bin.push({ ids, from: prompt.length });
    if (bin.length === fullBatch(length)) {
      bins.delete(length);
      yield bin;
    }
  }
  throw new Error('the pre-training stream does not end');
}

async function store(dir: string, policy: OnnxPolicy, state: State): Promise<void> {
  await mkdir(dir, { recursive: true });
  const c = await policy.checkpoint();
  const size = parameterTable(policy.config).size;
  const tensor = (data: Float32Array) => fromFloat32(data, [size], 'F32');
  const tensors = new Map([['parameters', tensor(c.parameters)]]);
  if (c.m && c.v) tensors.set('m', tensor(c.m)).set('v', tensor(c.v));
  // One file: parameters, moments and counters cannot come apart.
  await writeWhole(join(dir, 'state.safetensors'), writeSafetensors(tensors, { state: JSON.stringify(state) }));
}

async function restore(dir: string, policy: OnnxPolicy, key: string): Promise<State> {
  const bytes = await readFile(join(dir, 'state.safetensors')).catch(() => null);
  if (!bytes) return { step: 0, tokens: 0, seconds: 0, key };
  const file = new Uint8Array(bytes);
  const length = Number(new DataView(file.buffer, file.byteOffset).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(file.subarray(8, 8 + length))) as { __metadata__: { state: string } };
  const state = JSON.parse(header.__metadata__.state) as State;
  if (state.key !== key) throw new InputError(`${dir} holds a run with other options; give another --state folder, or delete it.`);
  const tensors = readSafetensors(file);
  const read = (name: string): Float32Array | undefined => (tensors.has(name) ? toFloat32(tensors.get(name)!) : undefined);
  await policy.restore({ policyId: policy.id, step: state.step, parameters: read('parameters')!, m: read('m'), v: read('v') });
  return state;
}
