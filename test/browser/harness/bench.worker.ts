/** The bench's workload on a browser backend, with the bundled policy. */
import { loadPolicyFolder, POLICY_FILES } from '../../../src/policy/folder';
import { createWebRuntime, type WebBackend } from '../../../src/policy/runtime/web';
import { measureSpeed, type Speed } from '../../bench/workload';

export interface SpeedRequest {
  backend: WebBackend;
  threads: number;
  seed: number;
  /** Address of the policy folder, with a final slash. */
  policy: string;
}
export type SpeedReply = (Speed & { threads: number; detail: string }) | { error: string };

async function run({ backend, threads, seed, policy: base }: SpeedRequest): Promise<SpeedReply> {
  const files = new Map<string, Uint8Array>();
  for (const name of POLICY_FILES) files.set(name, new Uint8Array(await (await fetch(base + name)).arrayBuffer()));
  const runtime = await createWebRuntime(backend, threads);
  const policy = await loadPolicyFolder(files, runtime, 'tinymath');
  return { ...(await measureSpeed(policy, seed)), threads: runtime.info.threads, detail: runtime.info.detail };
}

self.onmessage = (event: MessageEvent<SpeedRequest>) => {
  run(event.data).then(
    (reply) => postMessage(reply),
    (error: unknown) => postMessage({ error: String(error) } satisfies SpeedReply),
  );
};
