/** A run configuration and records for tests of storage. */
import type { Candidate, RewrittenRow, TrainConfig, TrainMetrics } from '../../method/types';
import type { RunConfig } from '../records';

const arm: TrainConfig = {
  objective: { id: 'sft' },
  learningRate: 0.01,
  warmup: 0.1,
  epochs: 2,
  batchSize: 8,
  seed: 3,
  weightDecay: 0.01,
  clipNorm: 1,
  beta1: 0.9,
  beta2: 0.95,
  maxLength: 64,
};

export const runConfig: RunConfig = {
  task: 'letters',
  policyUrl: 'static-models/letters',
  rewrite: { set: 'train', problems: 40, dataSeed: 1, k: 4, temperature: 1, topP: 1, seed: 7, maxNewTokens: 8, chunk: 12 },
  arms: {
    sft: arm,
    dft: { ...arm, objective: { id: 'dft' } },
    'dr+sft': arm,
    'dr+dft': { ...arm, objective: { id: 'dft' } },
  },
  evaluation: { problems: 6, runs: 3, seed: 5, temperature: 1, maxNewTokens: 8 },
};

export function candidate(problemId: string, k: number, stage: Candidate['stage'] = 'self'): Candidate {
  return {
    ...{ problemId, stage, k, text: `answer ${k}`, finish: 'eos', correct: k === 0 },
    tokens: Int32Array.of(5, 9, k),
    policyLogProbs: Float32Array.of(-0.1, -0.2, -0.3),
    behaviorLogProbs: Float32Array.of(-0.1, -0.2, -0.25),
    verdict: { correct: k === 0, rule: 'exact', status: 'ok', prediction: String(k), gold: '0' },
  };
}

export function row(problemId: string): RewrittenRow {
  return {
    ...{ problemId, family: 'f', question: 'q', gold: '0', stage: 'self', prompt: 'q:', completion: 'answer 0' },
    promptTokens: Int32Array.of(1, 2),
    tokens: Int32Array.of(5, 9, 0),
    ...{ kept: 0, correctCount: 1, sampledCount: 4 },
    behaviorLogProbs: Float32Array.of(-0.1, -0.2, -0.25),
    policyLogProbs: Float32Array.of(-0.1, -0.2, -0.3),
    expert: { text: 'e', tokens: Int32Array.of(7, 0), policyLogProbs: Float32Array.of(-2, -0.5), behaviorLogProbs: Float32Array.of(-1, 0) },
  };
}

export function metrics(step: number, steps = 10): TrainMetrics {
  return {
    ...{ step, steps, learningRate: 0.01, loss: 1 / step, nll: 2 / step, entropy: 1, essRatio: 1, meanWeight: 1 },
    ...{ gradNorm: 0.5, tokenAccuracy: 0.5, tokens: 100, seconds: 0.1 },
  };
}
