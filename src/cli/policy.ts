/** Policies for the command line, on onnxruntime-node. */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { loadPolicyFolder, POLICY_FILES } from '../policy/folder';
import type { OnnxPolicy } from '../policy/onnx-policy';
import type { ExportOptions } from '../policy/types';
import { createNodeRuntime } from '../policy/runtime/node';
import { nodeReplicas } from '../policy/runtime/node-replicas';
import { asInput, InputError, messageOf } from './errors';
import { writeWhole } from './output';

/**
 * Loads a policy folder. The name shown is the folder's.
 * @throws InputError for a missing folder or file, truncated weights, wrong shapes or an unknown architecture, with what to do.
 */
export async function loadPolicy(dir: string, threads = 2): Promise<OnnxPolicy> {
  const found = await stat(dir).catch(() => null);
  if (!found?.isDirectory()) throw new InputError(`There is no policy folder ${dir}.`);
  const present = new Set(await readdir(dir));
  const files = new Map<string, Uint8Array>();
  for (const name of POLICY_FILES) {
    if (present.has(name)) files.set(name, await asInput(async () => new Uint8Array(await readFile(join(dir, name)))));
  }
  const name = resolve(dir).split(/[\\/]/).pop()!;
  try {
    return await asInput(() => loadPolicyFolder(files, createNodeRuntime(1), name, { replicas: nodeReplicas(threads) }));
  } catch (error) {
    throw new InputError(`${dir}: ${messageOf(error)}`, { cause: error });
  }
}

/** Writes a policy as a Hugging Face folder. @throws InputError when the folder cannot be made. */
export async function savePolicy(policy: OnnxPolicy, dir: string, options?: ExportOptions): Promise<void> {
  await asInput(() => mkdir(dir, { recursive: true }));
  for (const [name, bytes] of await policy.exportFolder(options)) await writeWhole(join(dir, name), bytes);
}
