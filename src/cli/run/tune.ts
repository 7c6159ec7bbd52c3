import { SHARED_TRAINING, type ArmId } from '../../method/arms';
import { tune as runTrials, type TunePlan } from '../../method/tune';
import { interruptSignal } from '../interrupt';
import { log, printJson, Progress, writeWhole } from '../output';
import { loadPolicy } from '../policy';
import { loadTask } from '../task';
import { percent, setsOf } from './evaluate';

export interface TuneOptions {
  policy: string;
  /** JSON file of a task; the built-in world without it. */
  task?: string;
  rates: number[];
  seeds: number[];
  problems: number;
  k: number;
  arms: ArmId[];
  validationProblems: number;
  runs: number;
  out?: string;
  threads: number;
}

export async function tune({
  policy: dir,
  task: file,
  out,
  threads,
  rates,
  seeds,
  problems,
  k,
  arms,
  validationProblems,
  runs,
}: TuneOptions): Promise<void> {
  const policy = await loadPolicy(dir, threads);
  const plan: TunePlan = { rates, seeds, problems, k, arms, validation: { problems: validationProblems, runs } };
  const task = await loadTask(policy.tokenizer, file);
  setsOf(task, 'validation');
  const progress = new Progress('trials');
  for await (const event of runTrials(policy, task, plan, interruptSignal())) {
    if (event.type === 'rewritten') log(`seed ${event.seed}: ${event.rows} problems rewritten`);
    else if (event.type === 'base') log(`seed ${event.seed}: base ${percent(event.accuracy)} on validation`);
    else if (event.type === 'trial') {
      const { arm, rate, seed, accuracy } = event.trial;
      log(`seed ${seed}, ${arm}, ${rate}: ${percent(accuracy)}`);
      progress.update(event.done, event.of);
    } else {
      const { trials, base, chosen } = event;
      const command = `gap tune --rates ${rates.join(',')} --seeds ${seeds.join(',')} --problems ${problems} --k ${k} --arms ${arms.join(',')} --validation-problems ${validationProblems} --runs ${runs}${file === undefined ? '' : ` --task ${file}`}`;
      const report = { command, policy: policy.id, training: SHARED_TRAINING, plan, base, chosen, trials };
      if (out === undefined) await printJson(report);
      else await writeWhole(out, `${JSON.stringify(report, null, 2)}\n`);
    }
  }
  await policy.dispose();
}
