/** Candidates into IndexedDB and back, through the store that the policy worker uses. */
import type { Candidate } from '../../../src/method/types';
import { IndexedDbBackend, RunStore, type RunConfig } from '../../../src/storage';
import { answer } from './rpc';

/** Of a chunk of 32 problems with K = 8, which the worker commits at once. */
const CHUNK = 256;
const TOKENS = 40;

function candidate(i: number): Candidate {
  const values = Float32Array.from({ length: TOKENS }, (_, t) => -((i * 31 + t * 17) % 97) / 97);
  return {
    ...{ problemId: `p${String(i >> 3).padStart(6, '0')}`, stage: 'self', k: i & 7, finish: 'eos', correct: i % 3 === 0 },
    text: `First ${i}+7=${i + 7}. Then ${i + 7}*3=${3 * (i + 7)}. The answer is ${3 * (i + 7)}.`,
    tokens: Int32Array.from({ length: TOKENS }, (_, t) => (i * 13 + t * 7) % 512),
    policyLogProbs: values,
    behaviorLogProbs: values.slice(),
    verdict: { correct: i % 3 === 0, rule: 'equal numbers', status: 'ok', prediction: String(3 * (i + 7)), gold: '0' },
  };
}

export interface StorageRun {
  write: number;
  read: number;
  /** What the browser says it keeps for them. */
  bytes: number;
}

answer({
  /** Seconds to write `count` candidates in a database of their own, a chunk a transaction, and to read them all. */
  async measure(count: number, config: RunConfig): Promise<StorageRun> {
    const name = `bench-${count}-${performance.now()}`;
    const before = (await navigator.storage.estimate()).usage ?? 0;
    const backend = await IndexedDbBackend.open({ name });
    const store = new RunStore(backend, 'bench');
    let record = await store.open(config, null);
    let started = performance.now();
    for (let at = 0; at < count; at += CHUNK) {
      const part = Array.from({ length: Math.min(CHUNK, count - at) }, (_, i) => candidate(at + i));
      record = await store.commitRewrite(record, part, []);
    }
    const write = (performance.now() - started) / 1000;
    started = performance.now();
    const { candidates } = await store.rewriteProgress(record.run);
    const read = (performance.now() - started) / 1000;
    if (candidates.length !== count) throw new Error(`${count} candidates were written, ${candidates.length} read.`);
    const bytes = ((await navigator.storage.estimate()).usage ?? 0) - before;
    backend.close();
    indexedDB.deleteDatabase(name);
    return { write, read, bytes };
  },
});
