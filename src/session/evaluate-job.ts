/** avg@n set by set; a set that is stored is not sampled again. */
import { type EvaluationConfig, evaluate } from '../method/evaluate';
import { bootstrap, mean } from '../method/statistics';
import type { EvaluationResult } from '../method/types';
import type { Policy } from '../policy/types';
import { assertNever } from '../protocol/messages';
import type { EvaluatedId, EvaluationRecord, RunConfig } from '../storage';
import type { JobContext } from './context';
import { Eta } from './eta';
import type { OpenRun } from './run';

export function evaluationConfig(config: RunConfig, sets: readonly string[]): EvaluationConfig {
  return { ...config.evaluation, sets };
}

/** The whole from its sets, as `evaluate` computes it. Null while a set is missing. */
export function combine(records: readonly EvaluationRecord[], sets: readonly string[], seed: number): EvaluationResult | null {
  const found = sets.map((set) => records.find((record) => record.set === set));
  if (found.length === 0 || !found.every((record) => record !== undefined)) return null;
  return {
    sets: Object.fromEntries(found.map((record) => [record.set, record.result])),
    average: mean(found.map((record) => record.result.accuracy)),
    averageCi95: bootstrap(
      found.map((record) => Object.values(record.perProblem)),
      seed,
      'evaluate/average',
    ),
  };
}

/** `policy` is the one evaluated: the base, or a fork with an arm's parameters. */
export async function evaluateJob(context: JobContext, run: OpenRun, policy: Policy, id: EvaluatedId, wanted?: string[]): Promise<void> {
  const { out, signal, breather } = context;
  const { config } = run.record;
  const task = await context.task(config.task);
  const sets = wanted ?? task.testSets;
  // A set may have fewer problems than asked for.
  const samples = (set: string) => task.problems(set, config.evaluation.problems, 1).length * config.evaluation.runs;
  const records = await run.store.evaluations(run.id, id);
  const stored = (set: string) => records.find((record) => record.set === set);

  const total = (some: readonly string[]) => some.reduce((sum, set) => sum + samples(set), 0);
  let done = total(sets.filter(stored));
  const eta = new Eta('Evaluation: samples', done, total(sets));
  for (const set of sets) {
    const before = stored(set);
    if (before) {
      out.send({ type: 'evaluated-set', policy: id, set, result: before.result });
      continue;
    }
    for await (const event of evaluate(policy, task, evaluationConfig(config, [set]), signal)) {
      switch (event.type) {
        case 'progress':
          out.progress(eta.at(done + event.done));
          break;
        case 'set': {
          const { result, perProblem, truncated } = event;
          const evaluation = { policy: id, set, result, perProblem, truncated, device: run.device };
          await run.commitEvaluation(evaluation);
          records.push({ ...evaluation, run: run.id, at: run.record.updatedAt });
          out.send({ type: 'evaluated-set', policy: id, set, result });
          break;
        }
        case 'done':
          break;
        default:
          assertNever(event, 'evaluation event');
      }
      await breather.breathe();
    }
    done += samples(set);
  }
  const result = combine(records, sets, config.evaluation.seed);
  if (result) out.send({ type: 'evaluated', policy: id, result });
}
