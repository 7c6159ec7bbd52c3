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
import {
  DEFAULT_SIZE,
  pretrainingExamples,
  tokenizerFiles,
  type Phase,
  type PolicyRecipe,
  type PolicySize,
  type WorldText,
} from '../../tasks/world';
import { recipe as findRecipe } from '../../tasks/worlds';
import { asInput, InputError } from '../errors';
import { writeWhole } from '../output';
import { policyCard } from './policy-card';

export interface PretrainOptions {
  /** Name of a policy of `src/tasks/worlds.ts`. */
  policy: string;
  /** Folder that receives the policy. */
  out: string;
  /** Folder of the resumable states, one a phase; policies share those of their common first phases. */
  state: string;
  /** Micro-batches (of about 1,500 positions) accumulated into one optimizer step. */
  microBatches?: number;
  seed: number;
  threads: number;
  /** These and `microBatches`: by default what the policy's recipe says. */
  layers?: number;
  hidden?: number;
  headDim?: number;
  /** Seconds between saved states. */
  saveEvery: number;
  /** Multiplies every phase's steps; below 1 for a trial. */
  scale: number;
}

interface State {
  /** Of this phase. */
  step: number;
  /** Of all phases so far. */
  tokens: number;
  seconds: number;
  /** Options that a resumed run must share. */
  key: string;
}

/** The bundled policies' architecture. @throws InputError where heads do not divide the hidden size into pairs. */
export function bundledConfig(
  { vocabSize, maxLength }: { vocabSize: number; maxLength: number },
  { layers, hidden, headDim }: PolicySize,
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
    maxPositions: maxLength,
    ropeTheta: 10_000,
    rmsNormEps: 1e-6,
    tieEmbeddings: true,
  };
}

const sizeOf = ({ size = DEFAULT_SIZE }: PolicyRecipe, o: Pick<PretrainOptions, 'layers' | 'hidden' | 'headDim'>): PolicySize => ({
  layers: o.layers ?? size.layers,
  hidden: o.hidden ?? size.hidden,
  headDim: o.headDim ?? size.headDim,
});

/**
 * Runs the phases of a policy's recipe, each from the end of the one before; a phase that is done is not run again.
 * @throws InputError where a saved state belongs to other options.
 */
export async function pretrain(o: PretrainOptions, log: (line: string) => void, signal: AbortSignal): Promise<void> {
  const { world, recipe } = await asInput(() => findRecipe(o.policy));
  const files = tokenizerFiles(world);
  const tokenizer = loadTokenizer(files['tokenizer.json'], files['tokenizer_config.json']);
  const config = bundledConfig({ vocabSize: tokenizer.vocabSize, maxLength: world.maxLength }, sizeOf(recipe, o));
  const microBatches = o.microBatches ?? recipe.microBatches ?? 2;
  const parameters = initialParameters(config, o.seed);
  const policy = OnnxPolicy.create({
    name: o.policy,
    id: await policyId(config, parameters),
    config,
    tokenizer,
    runtime: createNodeRuntime(1),
    replicas: nodeReplicas(o.threads),
    parameters,
  });
  const phases = recipe.phases.map((phase) => ({ ...phase, steps: Math.max(1, Math.round(phase.steps * o.scale)) }));
  log(`${o.policy}: ${policy.parameterCount} parameters, ${phases.map(({ corpus, steps }) => `${corpus} ${steps}`).join(', then ')} steps`);
  let state: State = { step: 0, tokens: 0, seconds: 0, key: '' };
  for (const [i, phase] of phases.entries()) {
    const key = JSON.stringify({ world: world.id, phases: phases.slice(0, i + 1), microBatches, seed: o.seed, config });
    const dir = join(o.state, phases.slice(0, i + 1).map(({ corpus, steps }) => `${corpus}-${steps}`).join('_')); // prettier-ignore
    const begun = await restore(dir, policy, key);
    state = begun ?? { ...state, step: 0, key };
    // A phase of its own stream: what it draws does not depend on the phases before.
    const batches = fullMicroBatches(world.corpora[phase.corpus]!(o.seed + i), tokenizer);
    if (state.step < phase.steps)
      await runPhase(
        policy,
        phase,
        state,
        batches,
        { ...o, microBatches, dir, label: `${phase.corpus} ${i + 1}/${phases.length}` },
        log,
        signal,
      );
    if (signal.aborted) break;
  }
  if (!signal.aborted) {
    const checkpoint = await policy.checkpoint();
    await mkdir(o.out, { recursive: true });
    const tokenizerBytes = new Map(Object.entries(files).map(([name, text]) => [name, new TextEncoder().encode(text)]));
    for (const [name, bytes] of folderOf(config, checkpoint.parameters, tokenizer, tokenizerBytes, { dtype: 'F16' }))
      await writeWhole(join(o.out, name), bytes);
    await writeWhole(
      join(o.out, 'README.md'),
      policyCard({ recipe, world, phases, config, parameters: policy.parameterCount, ...state, seed: o.seed }),
    );
    log(`${(state.tokens / 1e6).toFixed(2)} M tokens, ${(state.seconds / 60).toFixed(1)} minutes in all; written to ${o.out}`);
  }
  await policy.dispose();
}

async function runPhase(
  policy: OnnxPolicy,
  phase: Phase,
  state: State,
  batches: Generator<TrainExample[], never, void>,
  { dir, label, microBatches, saveEvery }: { dir: string; label: string; microBatches: number; saveEvery: number },
  log: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  // The stream is a function of the seed alone: a resumed phase skips what was seen.
  for (let i = 0; i < state.step * microBatches; i++) batches.next();
  const objective = bindObjective({ id: 'sft' });
  let began = performance.now();
  let saved = began;
  const recent = { nll: 0, tokens: 0, correct: 0 };
  const elapsed = (): number => state.seconds + (performance.now() - began) / 1000;
  const save = async (): Promise<void> => {
    state.seconds = elapsed();
    began = saved = performance.now();
    await store(dir, policy, state);
  };
  while (state.step < phase.steps && !signal.aborted) {
    const step = Array.from({ length: microBatches }, () => batches.next().value);
    const tokens = step.flat().reduce((n, e) => n + e.ids.length - e.from, 0);
    for (const examples of step) {
      const sums = await policy.accumulate(examples, objective, tokens);
      recent.nll += sums.nll;
      recent.tokens += sums.tokens;
      recent.correct += sums.correctTokens;
      state.tokens += examples.reduce((n, e) => n + e.ids.length, 0);
    }
    const { applied, gradNorm } = await policy.apply({ learningRate: rateAt(phase, state.step + 1), weightDecay: 0.01 });
    if (!applied) throw new Error(`The gradient of step ${state.step} is not finite (norm ${gradNorm}).`);
    state.step++;
    if (state.step % 50 === 0 || state.step === phase.steps) {
      const left = ((phase.steps - state.step) * (performance.now() - began)) / 1000 / 60 / Math.max(1, state.step);
      log(
        `${label}: step ${state.step}/${phase.steps} nll ${(recent.nll / recent.tokens).toFixed(4)} accuracy ${(recent.correct / recent.tokens).toFixed(4)} ` +
          `norm ${gradNorm.toFixed(2)} lr ${rateAt(phase, state.step).toExponential(2)} tokens ${(state.tokens / 1e6).toFixed(2)}M ` +
          `${Math.round(state.tokens / elapsed())}/s, ${left.toFixed(1)} min left`,
      );
      recent.nll = recent.tokens = recent.correct = 0;
    }
    if ((performance.now() - saved) / 1000 > saveEvery) await save();
  }
  await save();
}

/** The learning rate of a phase's step 1 …. */
function rateAt({ steps, learningRate, warmup, schedule }: Phase, step: number): number {
  if (schedule === 'cosine') return learningRateAt(step, steps, learningRate, warmup / steps);
  return learningRate * Math.min(1, step / Math.max(1, warmup));
}

/** Rows of a full micro-batch of this length: a multiple of four. */
const fullBatch = (length: number): number => 4 * Math.max(1, Math.floor(TARGET_POSITIONS / length / 4));

/**
 * Examples grouped by length as they come, each group as many as fill one micro-batch exactly: no padding rows, and one graph per
 * length. Long examples wait longer for their group, which changes their order and not how many there are.
 */
function* fullMicroBatches(texts: Iterable<WorldText>, tokenizer: Tokenizer): Generator<TrainExample[], never, void> {
  const bins = new Map<number, TrainExample[]>();
  for (const { prompt, response } of pretrainingExamples(texts, tokenizer)) {
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

/** Null where the phase is not begun: the policy goes on as it is, moments included. */
async function restore(dir: string, policy: OnnxPolicy, key: string): Promise<State | null> {
  const bytes = await readFile(join(dir, 'state.safetensors')).catch(() => null);
  if (!bytes) return null;
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
