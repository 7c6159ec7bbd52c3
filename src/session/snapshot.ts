/** What the page draws of a stored run, before anything is computed. */
import { ARMS } from '../method/arms';
import { averageOf } from '../method/evaluate';
import { evaluatedOf } from '../method/plan';
import type { RunSnapshot, RunSummary } from '../protocol/messages';
import type { RunRecord, RunStore } from '../storage';

const EVALUATED = evaluatedOf(ARMS);

/** `testSets` of the run's task; empty where the task is unknown. */
export async function snapshot(store: RunStore, record: RunRecord, testSets: readonly string[], writable: boolean): Promise<RunSnapshot> {
  const { run: id, config, policyId, createdAt, updatedAt, devices, stages, filtered, counts } = record;
  const [progress, evaluations] = await Promise.all([store.rewriteProgress(id), store.evaluations(id)]);
  const arms: RunSnapshot['arms'] = {};
  for (const arm of ARMS) {
    const pointer = record.arms[arm];
    if (pointer) arms[arm] = { metrics: await store.metrics(id, arm), steps: pointer.steps, done: pointer.done };
  }
  const complete: RunSnapshot['evaluations'] = {};
  const evaluatedSets: RunSnapshot['evaluatedSets'] = {};
  for (const policy of EVALUATED) {
    const own = evaluations.filter((evaluation) => evaluation.policy === policy);
    if (own.length === 0) continue;
    evaluatedSets[policy] = Object.fromEntries(own.map(({ set, result, perProblem }) => [set, { ...result, perProblem }]));
    const sets = testSets.flatMap((set) => own.find((one) => one.set === set) ?? []);
    const result = sets.length === testSets.length ? averageOf(sets, config.evaluation.seed) : null;
    if (result) complete[policy] = result;
  }
  return {
    ...{ id, config, policyId, writable, createdAt, updatedAt, devices },
    ...progress,
    ...{ stages, filtered, counts, arms },
    evaluations: complete,
    evaluatedSets,
  };
}

export async function summary(store: RunStore, record: RunRecord): Promise<RunSummary> {
  const { run: id, config, policyId, createdAt, updatedAt, devices, appVersion } = record;
  const [rows, evaluations] = await Promise.all([store.backend.count('rows', [id]), store.evaluations(id)]);
  return {
    ...{ id, config, policyId, createdAt, updatedAt, devices, appVersion, rows },
    armsDone: ARMS.filter((arm) => record.arms[arm]?.done),
    evaluated: EVALUATED.filter((policy) => evaluations.some((evaluation) => evaluation.policy === policy)),
  };
}
