import { cpus } from 'node:os';
import { presetPlan } from '../../method/presets';
import { reproduce as runPlan, type ReproduceProgress } from '../../method/reproduce';
import { summarise } from '../../method/results';
import type { ArmId, Candidate, RewriteEvent, TrainMetrics } from '../../method/types';
import type { PolicyCheckpoint } from '../../policy/types';
import type { ReproduceOptions } from '../commands/reproduce';
import { interruptSignal } from '../interrupt';
import { duration, log, printJson, Progress } from '../output';
import { loadPolicy } from '../policy';
import { loadTask, sayIfFewer } from '../task';
import { RunDirectory } from './directory';
import { percent, setsOf } from './evaluate';
import { exportRewritten, rewriteReporter } from './rewrite';

export async function reproduce({ policy: dir, task: file, preset, seed, out, threads }: ReproduceOptions): Promise<void> {
  const started = Date.now();
  const policy = await loadPolicy(dir, threads);
  const task = await loadTask(policy.tokenizer, file);
  setsOf(task, 'test');
  const plan = presetPlan(preset, seed, policy.maxLength);
  sayIfFewer(task, plan.rewrite.set, plan.rewrite.problems, plan.rewrite.dataSeed);
  const run = await RunDirectory.open(out, { preset, seed, task: task.id, policy: policy.id, plan });
  const progress = await run.load();
  const recorder = new Recorder(run, progress);
  const report = rewriteReporter();
  let bar = new Progress('');
  for await (const event of runPlan(policy, task, plan, progress, { signal: interruptSignal() })) {
    if (event.type === 'rewrite') {
      report(event.event);
      await recorder.rewriting(event.event);
    } else if (event.type === 'train') {
      if (event.metrics.step === 1) bar = new Progress(`${event.arm}, steps`);
      bar.update(event.metrics.step, event.metrics.steps, `NLL ${event.metrics.nll.toFixed(4)}`);
      recorder.pending.push(event.metrics);
    } else if (event.type === 'checkpoint') await recorder.checkpoint(event.arm, event.checkpoint, event.done);
    else if (event.type === 'evaluate' && event.event.type === 'done') {
      progress.evaluations[event.id] = event.event.result;
      await run.saveEvaluations(progress.evaluations);
      log(`${event.id}: average accuracy ${percent(event.event.result.average)} in ${duration(event.event.seconds)}`);
    } else if (event.type === 'done') {
      const { candidates } = progress.rewriting;
      const problems = task.problems(plan.rewrite.set, plan.rewrite.problems, plan.rewrite.dataSeed);
      const results = {
        ...summarise(plan, event.rows, candidates, event.evaluations, progress.arms),
        preset,
        seed,
        task: task.id,
        policy: { id: policy.id, name: policy.name, parameters: policy.parameterCount },
        machine: { backend: policy.backend, cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version },
        finished: new Date().toISOString(),
        seconds: (Date.now() - started) / 1000,
      };
      await run.write('rewritten.jsonl', exportRewritten(event.rows, candidates, problems));
      await run.write('results.json', `${JSON.stringify(results, null, 2)}\n`);
      await printJson(results);
    }
  }
  log(`done in ${duration((Date.now() - started) / 1000)}; see ${out}/results.json`);
  await policy.dispose();
}

/** Keeps `progress` and the folder in step with the run. */
class Recorder {
  /** Steps since the last checkpoint of the arm in training. */
  readonly pending: TrainMetrics[] = [];
  private chunk: Candidate[] = [];

  constructor(
    private readonly run: RunDirectory,
    private readonly progress: ReproduceProgress,
  ) {}

  async rewriting(event: RewriteEvent): Promise<void> {
    if (event.type === 'candidate') this.chunk.push(event.candidate);
    if (event.type !== 'chunk' && event.type !== 'rows') return;
    await this.run.appendChunk(this.chunk, event.rows);
    this.progress.rewriting.candidates.push(...this.chunk);
    this.progress.rewriting.rows.push(...event.rows);
    this.chunk = [];
  }

  async checkpoint(arm: ArmId, checkpoint: PolicyCheckpoint, done: boolean): Promise<void> {
    const metrics = [...(this.progress.arms[arm]?.metrics ?? []), ...this.pending.splice(0)];
    this.progress.arms[arm] = { metrics, checkpoint, done };
    await this.run.saveArm(arm, checkpoint, metrics, done);
    await this.run.write(`metrics/${arm}.jsonl`, metrics.map((step) => `${JSON.stringify(step)}\n`).join(''));
  }
}
