/** Our engine on onnxruntime-node. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { loadPolicyFolder, POLICY_FILES } from '../../src/policy/folder';
import { createNodeRuntime } from '../../src/policy/runtime/node';
import { Engine } from './engine';
import { MODEL } from './paths';

export const NODE_THREADS = 2;

export async function nodeEngine(threads = NODE_THREADS): Promise<Engine> {
  const files = new Map<string, Uint8Array>();
  for (const name of POLICY_FILES) files.set(name, new Uint8Array(await readFile(join(MODEL, name))));
  // Threads may spin: the bench has the machine to itself, and so does its peer.
  const runtime = createNodeRuntime(threads, { spinning: true });
  return new Engine(runtime, await loadPolicyFolder(files, runtime, 'tinymath'));
}
