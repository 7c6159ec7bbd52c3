import { evaluate as evaluatePolicy } from '../../method/evaluate';
import type { Task } from '../../tasks/types';
import { InputError } from '../errors';
import { interruptSignal } from '../interrupt';
import { log, printJson, Progress } from '../output';
import { loadPolicy } from '../policy';
import { loadTask } from '../task';

export interface EvaluateOptions {
  policy: string;
  /** JSON file of a task; the built-in world without it. */
  task?: string;
  split: string;
  problems: number;
  runs: number;
  seed: number;
  dataSeed: number;
  temperature: number;
  topP: number;
  maxNewTokens: number;
  threads: number;
}

export async function evaluate({ policy: dir, task: file, threads, split, ...config }: EvaluateOptions): Promise<void> {
  const policy = await loadPolicy(dir, threads);
  const task = await loadTask(policy.tokenizer, file);
  const progress = new Progress('samples');
  for await (const event of evaluatePolicy(policy, task, { ...config, sets: setsOf(task, split) }, interruptSignal())) {
    if (event.type === 'progress') progress.update(event.done, event.of);
    else if (event.type === 'set') {
      progress.end();
      const { accuracy, ci95 } = event.result;
      log(
        `${event.set}: ${percent(accuracy)} (${percent(ci95[0])} to ${percent(ci95[1])})${event.truncated ? `, ${event.truncated} responses cut` : ''}`,
      );
    } else {
      log(`average: ${percent(event.result.average)}; ${Math.round(event.generatedTokens / event.seconds)} tokens/s`);
      await printJson(event.result);
    }
  }
  await policy.dispose();
}

export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** The sets that a split stands for. @throws InputError naming the sets. */
export function setsOf(task: Task, split: string): string[] {
  if (split === 'test' && task.testSets.length > 0) return task.testSets;
  const ids = task.sets.map(({ id }) => id);
  if (!ids.includes(split))
    throw new InputError(
      `There is no split "${split}". Splits: ${task.testSets.length > 0 ? `test (${task.testSets.join(', ')}), ` : ''}${ids.join(', ')}.`,
    );
  return [split];
}
