import type { Candidate, RewrittenRow } from '../method/types';

type Numbers = Int32Array | Float32Array | Float64Array;

/**
 * An array over a buffer of its own. Copying a view (into IndexedDB or to another thread) copies its whole buffer, which may be a
 * megabyte of someone else's scratch memory, and a view on WebAssembly's shared memory cannot be stored at all.
 */
export function compact<T extends Numbers>(array: T): T {
  const own = array.buffer instanceof ArrayBuffer && array.byteLength === array.buffer.byteLength;
  return own ? array : (array.slice() as T);
}

export function compactCandidate(candidate: Candidate): Candidate {
  const { tokens, policyLogProbs, behaviorLogProbs } = candidate;
  return { ...candidate, tokens: compact(tokens), policyLogProbs: compact(policyLogProbs), behaviorLogProbs: compact(behaviorLogProbs) };
}

export function compactRow(row: RewrittenRow): RewrittenRow {
  const { expert } = row;
  return {
    ...row,
    promptTokens: compact(row.promptTokens),
    tokens: compact(row.tokens),
    policyLogProbs: compact(row.policyLogProbs),
    behaviorLogProbs: row.behaviorLogProbs && compact(row.behaviorLogProbs),
    expert: {
      ...expert,
      tokens: compact(expert.tokens),
      policyLogProbs: compact(expert.policyLogProbs),
      behaviorLogProbs: expert.behaviorLogProbs && compact(expert.behaviorLogProbs),
    },
  };
}
