/** Policies as Hugging Face folders: config.json, generation_config.json, tokenizer.json, tokenizer_config.json, model.safetensors. */
import { parseConfig, PolicyFormatError, writeConfig, type LlamaConfig } from './config';
import { exportOnnx } from './export';
import { OnnxPolicy, type OnnxPolicyOptions } from './onnx-policy';
import { parameterTable } from './parameters';
import { hash32 } from './random';
import type { Runtime } from './runtime/types';
import { fromFloat32, readSafetensors, toFloat32, writeSafetensors, type StoredTensor } from './safetensors';
import { loadTokenizer } from './tokenizer';
import type { ExportOptions, Tokenizer } from './types';

export const POLICY_FILES = [
  'config.json',
  'generation_config.json',
  'tokenizer.json',
  'tokenizer_config.json',
  'model.safetensors',
] as const;
const OPTIONAL = new Set<string>(['generation_config.json']);

export type PolicyFiles = ReadonlyMap<string, Uint8Array>;

function parseJson(files: PolicyFiles, name: string): unknown {
  const bytes = files.get(name);
  if (!bytes) throw new PolicyFormatError(`The policy folder has no ${name}.`, `A policy folder holds ${POLICY_FILES.join(', ')}.`);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new PolicyFormatError(`${name} is not valid JSON.`, 'Fetch the file again: it may be cut short, or an error page in its place.');
  }
}

/**
 * Loads a policy folder on a runtime, perhaps one that is still being started, which `ownsRuntime` disposes of with the policy and its forks; `replicas` are more threads.
 * Throws PolicyFormatError, with a hint, for missing, truncated or unsupported content.
 */
export async function loadPolicyFolder(
  files: PolicyFiles,
  runtime: Runtime | Promise<Runtime>,
  name: string,
  { ownsRuntime = false, replicas }: Pick<OnnxPolicyOptions, 'ownsRuntime' | 'replicas'> = {},
): Promise<OnnxPolicy> {
  for (const file of POLICY_FILES) {
    if (!files.has(file) && !OPTIONAL.has(file)) {
      throw new PolicyFormatError(`The policy folder has no ${file}.`, `A policy folder holds ${POLICY_FILES.join(', ')}.`);
    }
  }
  const config = parseConfig(parseJson(files, 'config.json'));
  const tokenizer = loadTokenizer(parseJson(files, 'tokenizer.json'), parseJson(files, 'tokenizer_config.json'));
  if (tokenizer.vocabSize > config.vocabSize) {
    throw new PolicyFormatError(
      `The tokenizer has ${tokenizer.vocabSize} tokens, the model ${config.vocabSize}.`,
      'Take tokenizer and model from the same folder.',
    );
  }
  const parameters = flatten(config, readSafetensors(files.get('model.safetensors')!));
  const id = await policyId(config, parameters);
  return OnnxPolicy.create({ name, id, config, tokenizer, runtime: await runtime, ownsRuntime, parameters, files, replicas });
}

function flatten(config: LlamaConfig, tensors: ReadonlyMap<string, StoredTensor>): Float32Array {
  const table = parameterTable(config);
  const out = new Float32Array(table.size);
  for (const p of table.parameters) {
    const t = tensors.get(p.name);
    if (!t)
      throw new PolicyFormatError(
        `model.safetensors has no tensor ${p.name}.`,
        'The checkpoint does not belong to this config.json, or is one shard of several; single-file checkpoints can be read.',
      );
    if (t.shape.join() !== p.shape.join()) {
      throw new PolicyFormatError(
        `The tensor ${p.name} has shape [${t.shape.join(', ')}]; config.json asks for [${p.shape.join(', ')}].`,
        'Take config.json and model.safetensors from the same folder.',
      );
    }
    out.set(toFloat32(t), p.offset);
  }
  return out;
}

/** First 12 hex digits of SHA-256 over architecture and parameters. */
export async function policyId(config: LlamaConfig, parameters: Float32Array): Promise<string> {
  const head = new TextEncoder().encode(JSON.stringify(config));
  const all = new Uint8Array(head.length + parameters.byteLength);
  all.set(head);
  all.set(new Uint8Array(parameters.buffer, parameters.byteOffset, parameters.byteLength), head.length);
  // Browsers withhold crypto.subtle from pages over plain http; the page must work there too, with an id of another kind.
  const subtle = crypto.subtle as typeof crypto.subtle | undefined;
  if (!subtle) return `x${hash32(all.length, 'policy-id', new TextDecoder('latin1').decode(all)).toString(16).padStart(8, '0')}`;
  const digest = new Uint8Array(await subtle.digest('SHA-256', all));
  return Array.from(digest.subarray(0, 6), (b) => b.toString(16).padStart(2, '0')).join('');
}

/**
 * The folder's files by path, weights in F16 or F32. Tokenizer and other files are those the policy was loaded with.
 * Throws RangeError when onnx/model.onnx is asked for and would pass 2 GiB.
 */
export function folderOf(
  config: LlamaConfig,
  parameters: Float32Array,
  tokenizer: Pick<Tokenizer, 'eosId' | 'padId'>,
  files: PolicyFiles,
  { dtype = 'F32', onnx = false }: ExportOptions = {},
): Map<string, Uint8Array> {
  const tensors = new Map<string, StoredTensor>();
  for (const p of parameterTable(config).parameters) {
    tensors.set(p.name, fromFloat32(parameters.subarray(p.offset, p.offset + p.size), p.shape, dtype));
  }
  const json = (value: unknown): Uint8Array => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  const out = new Map<string, Uint8Array>();
  for (const name of ['tokenizer.json', 'tokenizer_config.json']) {
    const bytes = files.get(name);
    if (bytes) out.set(name, bytes);
  }
  out.set(
    'config.json',
    json({
      ...writeConfig(config, tokenizer.eosId, tokenizer.padId),
      torch_dtype: dtype === 'F16' ? 'float16' : 'float32',
      // In browsers Transformers.js would look for a quantised file.
      ...(onnx && { 'transformers.js_config': { dtype: 'fp32' } }),
    }),
  );
  out.set(
    'generation_config.json',
    json({ eos_token_id: tokenizer.eosId, pad_token_id: tokenizer.padId, do_sample: true, temperature: 1, top_k: 0, top_p: 1 }),
  );
  out.set('model.safetensors', writeSafetensors(tensors));
  if (onnx) out.set('onnx/model.onnx', exportOnnx(config, parameters));
  return out;
}
