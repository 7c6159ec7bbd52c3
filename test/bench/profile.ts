/**
 * `npx tsx test/bench/profile.ts`: where the time of a training run goes by onnxruntime-node's own profile: one thread, 8 × 128 positions of the bundled
 * architecture, a quarter of them prompt. Each operator counts with the lower quartile of its times, which other processes disturb least.
 */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as ort from 'onnxruntime-node';
import { ORT_TYPE } from '../../src/policy/runtime/ort';
import { dtypeOf, encode } from '../../src/tensor';
import { isDeviceTensor } from '../../src/policy/runtime/types';
import { training, USED } from './rows/lever';

const [WARM, RUNS] = [4, 16];

interface TraceEvent {
  cat: string;
  name: string;
  dur: number;
  args?: { op_name?: string };
}

const CLASSES: Record<string, string[]> = {
  'products of weights': ['Gemm', 'FusedGemm'],
  'products of attention': ['MatMul', 'FusedMatMul'],
  'Mul, Add, Sub': ['Mul', 'Add', 'Sub'],
  'moving and transposing': ['Transpose', 'Slice', 'Concat', 'Pad', 'Gather', 'ScatterND', 'ScatterElements', 'Reshape', 'Expand'],
};
const classOf = (op: string): string => Object.entries(CLASSES).find(([, ops]) => ops.includes(op))?.[0] ?? 'other';

const { graph, feeds } = training(USED, 8, 128, undefined, 0.25);
const folder = await mkdtemp(join(tmpdir(), 'profile-'));
const session = await ort.InferenceSession.create(encode(graph), {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  enableProfiling: true,
  profileFilePrefix: join(folder, 'run'),
  extra: { session: { set_denormal_as_zero: '1' } },
});
const inputs = Object.fromEntries(
  session.inputNames.map((name) => {
    const feed = feeds[name]!;
    if (isDeviceTensor(feed)) throw new Error(`${name} is not an array.`);
    return [name, new ort.Tensor(ORT_TYPE[dtypeOf(feed.data)] as 'float32', feed.data as Float32Array, feed.shape)];
  }),
);
for (let i = 0; i < WARM + RUNS; i++) await session.run(inputs);
session.endProfiling();
const [file] = await readdir(folder);
const events = JSON.parse(await readFile(join(folder, file!), 'utf8')) as TraceEvent[];
await rm(folder, { recursive: true });

const times = new Map<string, { op: string; times: number[] }>();
for (const { cat, name, dur, args } of events) {
  if (cat !== 'Node' || !name.endsWith('_kernel_time')) continue;
  const node = times.get(name) ?? { op: args?.op_name ?? '', times: [] };
  node.times.push(dur);
  times.set(name, node);
}
const sums = new Map<string, number>();
const byOp = new Map<string, number>();
for (const { op, times: all } of times.values()) {
  const quartile = all.slice(WARM).sort((a, b) => a - b)[Math.floor(RUNS / 4)]! / 1000;
  sums.set(classOf(op), (sums.get(classOf(op)) ?? 0) + quartile);
  byOp.set(op, (byOp.get(op) ?? 0) + quartile);
}
const total = [...sums.values()].reduce((a, b) => a + b, 0);
const show = (title: string, rows: Map<string, number>): void => {
  console.log(`\n${title}`);
  for (const [name, ms] of [...rows].sort((a, b) => b[1] - a[1])) {
    console.log(`${ms.toFixed(2).padStart(8)} ms ${((100 * ms) / total).toFixed(1).padStart(5)} %  ${name}`);
  }
};
console.log(`${times.size} operators, ${total.toFixed(1)} ms a run of 1,024 positions`);
show('By class', sums);
show('By operator', byOp);
