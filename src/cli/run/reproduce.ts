import { cpus } from 'node:os';
import { armsOf, type ArmId } from '../../method/arms';
import { averageOf } from '../../method/evaluate';
import { evaluatedOf, type EvaluatedId, type RunPlan, type WorkEvent } from '../../method/plan';
import { presetPlan } from '../../method/presets';
import { reproduce as runPlan } from '../../method/reproduce';
import { summarise, type Results } from '../../method/results';
import { byProblem } from '../../method/rewrite';
import type { EvaluationResult, TrainMetrics } from '../../method/types';
import type { Policy } from '../../policy/types';
import type { Gap } from '../../tasks/tinymath';
import { interruptSignal } from '../interrupt';
import { duration, log, printJson, Progress } from '../output';
import { loadPolicy } from '../policy';
import { loadTask, sayIfFewer } from '../task';
import { RunDirectory } from './directory';
import { percent, setsOf } from './evaluate';
import { exportRewritten, rewriteReporter } from './rewrite';

export interface ReproduceOptions {
  policy: string;
  /** JSON file of a task; the built-in world without it. */
  task?: string;
  expertGap: Gap;
  preset: string;
  arms: ArmId[];
  seed: number;
  out: string;
  threads: number;
}

export async function reproduce({ policy: dir, task: file, expertGap, preset, arms, seed, out, threads }: ReproduceOptions): Promise<void> {
  const started = Date.now();
  const policy = await loadPolicy(dir, threads);
  const task = await loadTask(policy.tokenizer, file, expertGap);
  setsOf(task, 'test');
  const plan = presetPlan(preset, seed, policy.maxLength, arms);
  const { set, problems: wanted, dataSeed } = plan.rewrite;
  sayIfFewer(task, set, wanted, dataSeed);
  const run = await RunDirectory.open(out, { preset, seed, task: task.id, policy: policy.id, plan });
  const report = reporter();
  for await (const event of runPlan(policy, task, plan, run, { signal: interruptSignal() })) report(event);

  const { candidates, rows } = await run.rewriting();
  const results = {
    ...(await resultsOf(run, plan)),
    preset,
    seed,
    task: task.id,
    policy: { id: policy.id, name: policy.name, parameters: policy.parameterCount },
    machine: machineOf(policy),
    finished: new Date().toISOString(),
    seconds: (Date.now() - started) / 1000,
  };
  await run.write('rewritten.jsonl', exportRewritten(byProblem(rows), candidates, task.problems(set, wanted, dataSeed)));
  await run.write('results.json', `${JSON.stringify(results, null, 2)}\n`);
  await printJson(results);
  log(`done in ${duration((Date.now() - started) / 1000)}; see ${out}/results.json`);
  await policy.dispose();
}

export const machineOf = (policy: Policy) => ({
  backend: policy.backend,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  node: process.version,
});

/** The numbers of a finished run. */
export async function resultsOf(run: RunDirectory, plan: RunPlan): Promise<Results> {
  const arms = armsOf(plan.arms);
  const { candidates, rows } = await run.rewriting();
  const evaluations: Partial<Record<EvaluatedId, EvaluationResult>> = {};
  for (const id of evaluatedOf(arms)) evaluations[id] = averageOf(await run.evaluatedSets(id), plan.evaluation.seed)!;
  const metrics: Partial<Record<ArmId, TrainMetrics[]>> = {};
  for (const arm of arms) metrics[arm] = await run.metrics(arm);
  return summarise(plan, byProblem(rows), candidates, evaluations, metrics);
}

/** Says on standard error how a run goes. */
export function reporter(): (event: WorkEvent) => void {
  const rewriting = rewriteReporter();
  let bar = new Progress('');
  let began = Date.now();
  return (event) => {
    if (event.type === 'rewrite') rewriting(event.event);
    else if (event.type === 'training') bar = new Progress(`${event.arm}, steps`);
    else if (event.type === 'train') bar.update(event.metrics.step, event.metrics.steps, `NLL ${event.metrics.nll.toFixed(4)}`);
    else if (event.type === 'sampled' && event.done === 0) began = Date.now();
    else if (event.type === 'evaluated')
      log(`${event.policy}: average accuracy ${percent(event.result.average)} in ${duration((Date.now() - began) / 1000)}`);
  };
}
