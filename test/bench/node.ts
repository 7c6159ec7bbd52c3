/** Our engine on onnxruntime-node. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LlamaConfig } from '../../src/policy/config';
import { loadPolicyFolder, POLICY_FILES } from '../../src/policy/folder';
import type { OnnxPolicyOptions } from '../../src/policy/onnx-policy';
import { createNodeRuntime } from '../../src/policy/runtime/node';
import { nodeReplicas } from '../../src/policy/runtime/node-replicas';
import type { Runtime } from '../../src/policy/runtime/types';
import { Engine } from './engine';
import { MODEL } from './paths';

/** The bundled policy, or random weights of an architecture. */
export async function nodeEngine(threads: number, random: LlamaConfig | null): Promise<Engine> {
  const runtime = createNodeRuntime(1);
  const replicas = nodeReplicas(threads);
  return random ? Engine.random(runtime, random, replicas) : bundledEngine(runtime, replicas);
}

export async function bundledEngine(runtime: Runtime, replicas?: OnnxPolicyOptions['replicas']): Promise<Engine> {
  const files = new Map<string, Uint8Array>();
  for (const name of POLICY_FILES) files.set(name, new Uint8Array(await readFile(join(MODEL, name))));
  return new Engine(runtime, await loadPolicyFolder(files, runtime, 'base', { replicas }));
}
