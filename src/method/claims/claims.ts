/** Every claim as one signed number that is positive if it is true, with what the measured data say of it. */
import { clusterBootstrap, crossedBootstrap, holm, mean, overSeeds, twoSampleBootstrap, type Interval, type Tested } from '../statistics';
import type { EvaluatedId } from '../plan';
import { combined, type Experiment, type ProblemLogProbs, type SeedRun } from './experiment';
import type { GapName, PolicyName } from './settings';

export type Verdict = 'holds' | 'fails' | 'undecided';

export interface Claim {
  id: string;
  /** Where the paper (or whoever is named) says it. */
  paper: string;
  statement: string;
  policy: PolicyName;
  gap: GapName;
  /** What the number is measured in: points of accuracy, nats, or a plain number. */
  unit: 'points' | 'nats' | 'nats per token' | 'ESS/n' | 'log ratio';
  mean: number;
  ci95: Interval;
  seeds: number;
  /** Holds: the interval's lower end above 0. Fails: its upper end below 0. */
  verdict: Verdict;
  /** The same after Holm's adjustment over all claims. */
  holm: Verdict;
}

interface Definition extends Pick<Claim, 'id' | 'paper' | 'statement' | 'policy' | 'gap' | 'unit'> {
  seeds: number;
  test(): Tested;
}

const NAME: Readonly<Record<string, string>> = {
  base: 'start',
  sft: 'SFT',
  dft: 'DFT',
  'dr+sft': 'DR+SFT',
  'dr+dft': 'DR+DFT',
  'dft+self': 'DFT + self-alignment',
  'dft+guided': 'DFT + guided-alignment',
};
const verdictOf = ([low, high]: Interval): Verdict => (low > 0 ? 'holds' : high < 0 ? 'fails' : 'undecided');

/** Points: accuracies times 100. */
const points = ({ mean: m, ci95: [low, high], p }: Tested): Tested => ({ mean: 100 * m, ci95: [100 * low, 100 * high], p });

export function judge(experiment: Experiment, seed: number): Claim[] {
  const tested = [...definitions(experiment, seed)].map((definition) => ({ definition, result: definition.test() }));
  const adjusted = holm(tested.map(({ result }) => result.p));
  return tested.map(({ definition: { test: _, ...claim }, result: { mean: m, ci95 } }, i) => {
    const verdict = verdictOf(ci95);
    return { ...claim, mean: m, ci95, verdict, holm: adjusted[i]! <= 0.05 ? verdict : 'undecided' };
  });
}

function* definitions(experiment: Experiment, seed: number): Generator<Definition> {
  for (const policy of ['base', 'instruct'] as const) {
    const runs = experiment(policy, 'large', 'common');
    if (runs.length === 0) continue;
    const of = { policy, gap: 'large' as const, seeds: runs.length };
    const order = (better: EvaluatedId, worse: EvaluatedId, paper: string): Definition => ({
      ...of,
      id: `${better}>${worse === 'base' ? 'start' : worse}`,
      paper,
      statement: `${NAME[better]} is above ${NAME[worse]}`,
      unit: 'points',
      test: () => points(crossedBootstrap(combined(runs, [[1, better], [-1, worse]]), seed, `${policy}/${better}>${worse}`)), // prettier-ignore
    });
    yield order('dr+dft', 'dft', 'Table 2');
    yield order('dr+dft', 'dr+sft', 'Table 2');
    yield order('dft', 'sft', 'Table 2');
    yield order('dr+sft', 'sft', 'Table 2');
    yield order('dr+dft', 'base', 'Table 2');
    yield order('dft', 'base', 'Table 2');
    yield { ...order('base', 'sft', 'Table 2, Llama'), id: 'start>sft', statement: 'SFT is below the start at the large gap' };
    yield order('dr+dft', 'dft+self', 'Table 4');
    yield order('dr+dft', 'dft+guided', 'Table 4');
    yield order('dft+self', 'dft', 'Table 4');
    yield order('dft+guided', 'dft', 'Table 4');
    yield* logProbClaims(runs, of, seed);
    yield* weightClaims(runs, of);
    yield* stabilityClaims(experiment, policy, runs, of, seed);
  }
  yield* dialClaims(experiment, seed);
  yield* policyClaims(experiment, seed);
}

type Of = Pick<Definition, 'policy' | 'gap' | 'seeds'>;

/** Table 3: by sum and by token. */
function* logProbClaims(runs: readonly SeedRun[], of: Of, seed: number): Generator<Definition> {
  const all = runs.flatMap((run) => run.measured?.problems ?? []);
  if (all.length === 0) return;
  const purpose = (what: string) => `${of.policy}/${what}`;
  for (const stage of ['self', 'guided'] as const) {
    for (const measure of ['sum', 'perToken'] as const) {
      const unit = measure === 'sum' ? 'nats' : 'nats per token';
      const clusters = byProblem(all.filter((one) => one.stage === stage)).map((own) =>
        own.map(({ kept, expert }) => kept[measure] - expert[measure]),
      );
      yield {
        ...of,
        id: `logp-${stage}-${measure === 'sum' ? 'sum' : 'token'}`,
        paper: 'Table 3',
        statement: `In ${stage}-alignment the kept response is likelier than the expert's, by ${measure === 'sum' ? 'sum' : 'token'}`,
        unit,
        test: () => clusterBootstrap(clusters, seed, purpose(`${stage}/${measure}`)),
      };
    }
  }
  const values = (stage: string, pick: (one: ProblemLogProbs) => number) => all.filter((one) => one.stage === stage).map(pick);
  const falls = (from: string, to: string): Definition => ({
    ...of,
    id: `logp-expert-${from}>${to}`,
    paper: 'Table 3',
    statement: `The expert's text is likelier in ${from} than in ${to}, by token`,
    unit: 'nats per token',
    test: () =>
      twoSampleBootstrap(
        values(from, ({ expert }) => expert.perToken),
        values(to, ({ expert }) => expert.perToken),
        seed,
        purpose(`expert/${from}/${to}`),
      ),
  });
  yield falls('self', 'guided');
  yield falls('guided', 'fallback');
  yield {
    ...of,
    id: 'logp-kept-self>guided',
    paper: 'Table 3',
    statement: 'Kept self-aligned responses are likelier than kept retellings, by token',
    unit: 'nats per token',
    test: () =>
      twoSampleBootstrap(
        values('self', ({ kept }) => kept.perToken),
        values('guided', ({ kept }) => kept.perToken),
        seed,
        purpose('kept/self/guided'),
      ),
  };
}

function byProblem(all: readonly ProblemLogProbs[]): ProblemLogProbs[][] {
  const groups = new Map<string, ProblemLogProbs[]>();
  for (const one of all) groups.set(one.problem, [...(groups.get(one.problem) ?? []), one]);
  return [...groups.values()];
}

/** ESS of the true sequence ratios, the acceptance c/K included. */
function* weightClaims(runs: readonly SeedRun[], of: Of): Generator<Definition> {
  const known = runs.filter((run) => run.measured);
  if (known.length === 0) return;
  const under = Object.keys(known[0]!.measured!.ess) as EvaluatedId[];
  for (const id of under) {
    yield {
      ...of,
      id: `ess-${id === 'base' ? 'start' : id}`,
      paper: 'Section 2, eq. (2)',
      statement: `ESS of the true sequence ratios is higher on D_mix than on D under ${id === 'base' ? 'the start' : `the last policy of ${NAME[id]}`}`,
      unit: 'ESS/n',
      test: () => overSeeds(known.map(({ measured }) => measured!.ess[id]!.rewritten.all - measured!.ess[id]!.expert.all)),
    };
  }
  for (const stage of ['self', 'guided'] as const) {
    yield {
      ...of,
      id: `ess-start-${stage}`,
      paper: 'Section 2, eq. (2)',
      statement: `The same within ${stage}-alignment, under the start`,
      unit: 'ESS/n',
      test: () => overSeeds(known.map(({ measured }) => measured!.ess.base!.rewritten[stage] - measured!.ess.base!.expert[stage])),
    };
  }
  yield {
    ...of,
    id: 'gradient-variance',
    paper: 'title: stable',
    statement: 'The relative variance of per-example gradients under the true weights is lower on D_mix than on D',
    unit: 'log ratio',
    test: () => overSeeds(known.map(({ measured }) => Math.log(measured!.gradients.expert / measured!.gradients.rewritten))),
  };
}

/** What ten times the learning rate costs. */
function* stabilityClaims(
  experiment: Experiment,
  policy: PolicyName,
  runs: readonly SeedRun[],
  of: Of,
  seed: number,
): Generator<Definition> {
  const hot = experiment(policy, 'large', 'hot');
  if (hot.length === 0) return;
  const seeds = Math.min(runs.length, hot.length);
  const pairs = [
    ['sft', 'dr+sft'],
    ['dft', 'dr+dft'],
  ] as const;
  for (const [plain, rewritten] of pairs) {
    yield {
      ...of,
      seeds,
      id: `stable-${rewritten}`,
      paper: 'title: stable',
      statement: `Ten times the common rate costs ${NAME[rewritten]} less accuracy than ${NAME[plain]}`,
      unit: 'points',
      test: () =>
        points(
          crossedBootstrap(
            combined(runs.slice(0, seeds), [
              [1, plain],
              [-1, plain, hot],
              [-1, rewritten],
              [1, rewritten, hot],
            ]),
            seed,
            `${policy}/stable/${rewritten}`,
          ),
        ),
    };
  }
}

/** The expert's gap as a dial. */
function* dialClaims(experiment: Experiment, seed: number): Generator<Definition> {
  const small = experiment('base', 'small', 'common');
  const large = experiment('base', 'large', 'common');
  if (small.length === 0) return;
  const seeds = Math.min(small.length, large.length);
  const of = { policy: 'base' as const, gap: 'small' as const, seeds };
  yield {
    ...of,
    id: 'sft>start-small',
    paper: 'Table 2, Qwen',
    statement: 'SFT is above the start at the small gap',
    unit: 'points',
    test: () => points(crossedBootstrap(combined(small, [[1, 'sft'], [-1, 'base']]), seed, 'small/sft>start')), // prettier-ignore
  };
  for (const id of ['sft', 'dft', 'dr+sft', 'dr+dft'] as const) {
    yield {
      ...of,
      id: `gap-costs-${id}`,
      paper: 'Section 1',
      statement: `${NAME[id]} is higher at the small gap than at the large one`,
      unit: 'points',
      test: () => points(crossedBootstrap(combined(small.slice(0, seeds), [[1, id], [-1, id, large]]), seed, `gap/${id}`)), // prettier-ignore
    };
  }
}

/** Table 1's contrast of two policies, and how strong the prior is. */
function* policyClaims(experiment: Experiment, seed: number): Generator<Definition> {
  const base = experiment('base', 'large', 'common');
  const instruct = experiment('instruct', 'large', 'common');
  const seeds = Math.min(base.length, instruct.length);
  if (seeds > 0) {
    const of = { policy: 'instruct' as const, gap: 'large' as const, seeds };
    const expertOf = (runs: readonly SeedRun[]) =>
      new Map(runs.flatMap((run) => run.measured?.problems ?? []).map((one) => [one.problem, one.expert.perToken]));
    const [theirs, ours] = [expertOf(base), expertOf(instruct)];
    const paired = [...theirs].flatMap(([problem, value]) => (ours.has(problem) ? [[value - ours.get(problem)!]] : []));
    yield {
      ...of,
      id: 'instruct-finds-expert-less-likely',
      paper: 'Table 3',
      statement: 'The instruct-like policy finds the expert’s text less likely than the base does, by token',
      unit: 'nats per token',
      test: () => clusterBootstrap(paired, seed, 'instruct/expert'),
    };
    const gains = (over: 'dft' | 'sft', mine: 'dr+dft' | 'dr+sft', sign: 1 | -1) =>
      points(
        crossedBootstrap(
          combined(base.slice(0, seeds), [
            [sign, mine],
            [-sign, over],
            [-sign, mine, instruct],
            [sign, over, instruct],
          ]),
          seed,
          `instruct/${over}`,
        ),
      );
    yield { ...of, id: 'instruct-gains-less-over-dft', paper: 'Table 2', statement: 'Rewriting gains the instruct-like policy less over DFT than the base', unit: 'points', test: () => gains('dft', 'dr+dft', 1) }; // prettier-ignore
    yield { ...of, id: 'instruct-gains-more-over-sft', paper: 'Table 2', statement: 'Rewriting gains the instruct-like policy more over SFT than the base (the paper’s figures: 7.75 against 7.10)', unit: 'points', test: () => gains('sft', 'dr+sft', -1) }; // prettier-ignore
  }
  for (const [policy, helps] of [
    ['strong', true],
    ['weak', false],
  ] as const) {
    // prettier-ignore
    const runs = experiment(policy, 'large', 'common');
    if (runs.length === 0) continue;
    yield {
      policy,
      gap: 'large',
      seeds: runs.length,
      id: helps ? 'dft-helps-strong' : 'dft-hurts-weak',
      paper: 'arXiv 2510.00526',
      statement: helps ? 'DFT helps the strong prior' : 'DFT hurts the weak prior',
      unit: 'points',
      test: () => points(crossedBootstrap(combined(runs, helps ? [[1, 'dft'], [-1, 'base']] : [[1, 'base'], [-1, 'dft']]), seed, `prior/${policy}`)), // prettier-ignore
    };
    yield {
      policy,
      gap: 'large',
      seeds: runs.length,
      id: `dr+dft>start-${policy}`,
      paper: 'arXiv 2510.00526',
      statement: `DR+DFT is above the start with the ${policy} prior`,
      unit: 'points',
      test: () => points(crossedBootstrap(combined(runs, [[1, 'dr+dft'], [-1, 'base']]), seed, `prior/dr/${policy}`)), // prettier-ignore
    };
  }
}

/** Mean accuracy in percent with its interval, for the tables. */
export function accuracyTable(runs: readonly SeedRun[], ids: readonly EvaluatedId[], seed: number) {
  return Object.fromEntries(
    ids.map((id) => {
      const values = combined(runs, [[1, id]]);
      const { mean: average, ci95 } = points(crossedBootstrap(values, seed, `table/${id}`));
      const sets = Object.fromEntries(
        runs[0]!.evaluated[id]!.map(({ set }, k) => [set, 100 * mean(values.map((bySet) => mean(bySet[k]!)))]),
      );
      return [id, { average, ci95, sets, bySeed: values.map((bySet) => 100 * mean(bySet.map((set) => mean(set)))) }];
    }),
  );
}
