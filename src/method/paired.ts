/** Differences between two policies on the same problems. */
import type { EvaluatedSet } from './evaluate';
import { bootstrap, mean, type Interval } from './statistics';

export interface PairedDifference {
  /** Accuracy of `policy` − that of `start`: the unweighted mean over sets. */
  mean: number;
  /** 95 % bootstrap interval over problems, each with its difference, within each set; null for a tie. */
  ci95: Interval | null;
  /** No problem was answered differently: nothing is known of the difference but that it is small. */
  tie: boolean;
}

type Sets = Readonly<Record<string, Pick<EvaluatedSet, 'perProblem'>>>;

/** Null where a set of the one is missing in the other. Deterministic in (seed, purpose). */
export function pairedDifference(policy: Sets, start: Sets, seed: number, purpose: string): PairedDifference | null {
  const ids = Object.keys(start);
  if (ids.length === 0 || ids.some((id) => !policy[id])) return null;
  const groups = ids.map((id) => {
    const [mine, theirs] = [policy[id]!.perProblem, start[id]!.perProblem];
    return Object.keys(theirs)
      .sort()
      .flatMap((problem) => (mine[problem] === undefined ? [] : [mine[problem] - theirs[problem]!]));
  });
  if (groups.some((group) => group.length === 0)) return null;
  const tie = groups.every((group) => group.every((difference) => difference === 0));
  return {
    mean: mean(groups.map((group) => mean(group))),
    ci95: tie ? null : bootstrap(groups, seed, `paired/${purpose}`),
    tie,
  };
}
