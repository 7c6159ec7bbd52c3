import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  AutoModelForCausalLM,
  AutoTokenizer,
  env,
  Tensor,
  type PreTrainedModel,
  type PreTrainedTokenizer,
} from '@huggingface/transformers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encode } from '../../tensor';
import type { LlamaConfig } from '../config';
import { loadPolicyFolder } from '../folder';
import { logitsGraph } from '../graphs/training';
import { OnnxPolicy } from '../onnx-policy';
import { initialParameters, parameterTable } from '../parameters';
import { createNodeRuntime } from '../runtime/node';
import { loadTokenizer } from '../tokenizer';
import { exportOnnx } from '.';

const TOKENIZER = ['tokenizer.json', 'tokenizer_config.json'];
const source = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(`../../../static-models/base/${name}`, import.meta.url)));
const text = (name: string): string => new TextDecoder().decode(source(name));

const GROUPED: LlamaConfig = {
  vocabSize: 512,
  hiddenSize: 32,
  intermediateSize: 48,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 8,
  maxPositions: 128,
  ropeTheta: 10000,
  rmsNormEps: 1e-5,
  tieEmbeddings: true,
};
const CONFIGS: Record<string, LlamaConfig> = {
  'grouped heads, tied head': GROUPED,
  'plain heads, own head': { ...GROUPED, kvHeads: 4, tieEmbeddings: false, headDim: 12 },
};

const runtime = createNodeRuntime(1, { spinning: false });
const root = mkdtempSync(join(tmpdir(), 'policy-export-'));
beforeAll(() => {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = root;
  env.useFSCache = false;
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

const int64 = (rows: readonly (readonly number[])[]): Tensor =>
  new Tensor('int64', BigInt64Array.from(rows.flat(), BigInt), [rows.length, rows[0]!.length]);
type Outputs = Record<string, Tensor>;

describe.each(Object.entries(CONFIGS))('a policy with %s', (label, config) => {
  const name = label.replaceAll(/\W+/g, '-');
  // Spread wide enough that greedy choices are clear of ties.
  const parameters = initialParameters(config, 3).map((x) => (x === 1 ? 1 : x * 8));
  const tokenizer = loadTokenizer(text('tokenizer.json'), text('tokenizer_config.json'));
  let policy: OnnxPolicy;
  let model: PreTrainedModel;
  let theirs: PreTrainedTokenizer;
  let files: Map<string, Uint8Array>;

  beforeAll(async () => {
    const kept = new Map(TOKENIZER.map((file) => [file, source(file)]));
    policy = OnnxPolicy.create({ name, id: name, config, tokenizer, runtime, parameters, files: kept });
    files = await policy.exportFolder({ onnx: true });
    for (const [file, bytes] of files) {
      const path = join(root, name, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
    }
    model = await AutoModelForCausalLM.from_pretrained(name, { device: 'cpu' });
    theirs = await AutoTokenizer.from_pretrained(name);
    theirs.padding_side = 'left';
  });
  afterAll(async () => {
    await model?.dispose();
    await policy?.dispose();
  });

  const prompt = (question: string): number[] => [...tokenizer.encode(tokenizer.renderChat([{ role: 'user', content: question }]))];

  /** Our own forward pass on one row: [length, vocab]. */
  async function own(ids: readonly number[]): Promise<Float32Array> {
    const graph = logitsGraph(config, { batch: 1, length: ids.length });
    const session = await runtime.createSession(encode(graph));
    const feeds = {
      parameters: { shape: [parameterTable(config).size], data: parameters },
      ids: { shape: [1, ids.length], data: Int32Array.from(ids) },
    };
    const { logits } = await session.run(feeds, { logits: 'host' });
    await session.release();
    return logits as Float32Array;
  }
  const furthest = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
    expect(a.length).toBe(b.length);
    return Array.from(a).reduce((most, x, i) => Math.max(most, Math.abs(x - b[i]!)), 0);
  };

  it('has the files of a Hugging Face folder, which loads again', async () => {
    expect([...files.keys()].sort()).toEqual(
      [...TOKENIZER, 'config.json', 'generation_config.json', 'model.safetensors', 'onnx/model.onnx'].sort(),
    );
    const again = await loadPolicyFolder(files, runtime, 'again');
    expect((await again.checkpoint()).parameters).toEqual(parameters);
    await again.dispose();
    expect((await policy.exportFolder()).has('onnx/model.onnx')).toBe(false);
  });

  it('gives the logits of our own forward pass', async () => {
    const ids = prompt('What is 12 + 7?');
    const { logits } = (await model({ input_ids: int64([ids]), attention_mask: int64([ids.map(() => 1)]) })) as Outputs;
    expect(logits!.dims).toEqual([1, ids.length, config.vocabSize]);
    expect(furthest(logits!.data as Float32Array, await own(ids))).toBeLessThan(1e-4);
  });

  it('gives the same logits in a left-padded batch', async () => {
    const rows = ['1+1', 'What is 12 + 7?', 'Tom has 3 boxes of 4 pens.'].map(prompt);
    const length = Math.max(...rows.map((r) => r.length));
    const pad = (r: number[], value: number): number[] => new Array<number>(length - r.length).fill(value);
    const { logits } = (await model({
      input_ids: int64(rows.map((r) => [...pad(r, tokenizer.padId), ...r])),
      attention_mask: int64(rows.map((r) => [...pad(r, 0), ...r.map(() => 1)])),
    })) as Outputs;
    const v = config.vocabSize;
    expect((logits!.data as Float32Array).every(Number.isFinite)).toBe(true);
    for (const [i, r] of rows.entries()) {
      const part = (logits!.data as Float32Array).subarray((i * length + length - r.length) * v, (i + 1) * length * v);
      expect(furthest(part, await own(r))).toBeLessThan(1e-4);
    }
  });

  it('gives the same logits when the sequence comes in parts', async () => {
    const ids = prompt('What is 12 + 7?');
    let past: Record<string, Tensor> = {};
    const parts: number[] = [];
    for (const [from, to] of [
      [0, 4],
      [4, 5],
      [5, ids.length],
    ] as const) {
      const { logits, ...present } = (await model({
        input_ids: int64([ids.slice(from, to)]),
        attention_mask: int64([ids.slice(0, to).map(() => 1)]),
        position_ids: int64([ids.slice(from, to).map((_, i) => from + i)]),
        ...(from > 0 && { past_key_values: past }),
      })) as Outputs;
      parts.push(...(logits!.data as Float32Array));
      past = Object.fromEntries(Object.entries(present).map(([key, x]) => [key.replace('present', 'past_key_values'), x]));
      expect(past['past_key_values.1.key']!.dims).toEqual([1, config.kvHeads, to, config.headDim]);
    }
    expect(furthest(parts, await own(ids))).toBeLessThan(1e-4);
  });

  it('writes the same greedy text as our sampler', async () => {
    const questions = ['What is 12 + 7?', '1+1', 'Tom has 3 boxes of 4 pens. How many pens?'];
    const prompts = questions.map((q) => ({ key: q, tokens: Int32Array.from(prompt(q)) }));
    const ours = new Map<string, string>();
    const request = { prompts, n: 1, temperature: 0, topP: 1, seed: 1, purpose: 'test', maxNewTokens: 24 };
    for await (const r of policy.sample(request)) ours.set(r.key, tokenizer.decode(r.tokens));
    const chats = questions.map((content) =>
      String(theirs.apply_chat_template([{ role: 'user', content }], { tokenize: false, add_generation_prompt: true })),
    );
    const inputs = theirs(chats, { padding: true, add_special_tokens: false }) as Outputs;
    const output: unknown = await model.generate({ ...inputs, do_sample: false, max_new_tokens: 24 });
    const length = inputs['input_ids']!.dims[1]!;
    for (const [i, row] of ((output as Tensor).tolist() as bigint[][]).entries()) {
      const answer = row.slice(length).map(Number);
      // Rows that ended go on as padding until all have.
      const eos = answer.indexOf(tokenizer.eosId);
      expect(tokenizer.decode(eos === -1 ? answer : answer.slice(0, eos))).toBe(ours.get(questions[i]!));
    }
  });
});

describe('exportOnnx', () => {
  it('refuses parameters of another config, and what the format cannot hold', () => {
    expect(() => exportOnnx(GROUPED, new Float32Array(3))).toThrow(/3 values were given/);
    const large: LlamaConfig = { ...GROUPED, maxPositions: 2 ** 30 };
    expect(() => exportOnnx(large, new Float32Array(parameterTable(large).size))).toThrow(/GiB/);
  });
});

it('Transformers.js and the policies share one onnxruntime', () => {
  const ours = createRequire(import.meta.url);
  const library = createRequire(ours.resolve('@huggingface/transformers'));
  for (const name of ['onnxruntime-node', 'onnxruntime-common', 'onnxruntime-web', 'onnxruntime-web/webgpu']) {
    expect(library.resolve(name)).toBe(ours.resolve(name));
  }
});
