import { uniform } from '../../policy/random';
import type { GradedCandidate, SamplingStage } from '../types';

/**
 * T's rule for a stage: one response, uniformly among the correct ones, or none. Deterministic in (seed, stage, problem).
 * Candidates are taken in the order of their index k, whatever order they finished in.
 */
export function keep<C extends Pick<GradedCandidate, 'k' | 'correct'>>(
  candidates: readonly C[],
  seed: number,
  stage: SamplingStage,
  problemId: string,
): C | null {
  const correct = candidates.filter((candidate) => candidate.correct).sort((a, b) => a.k - b.k);
  if (correct.length === 0) return null;
  return correct[Math.floor(uniform(seed, 'keep', stage, problemId) * correct.length)]!;
}
