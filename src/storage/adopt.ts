/**
 * A run is a pure function of its configuration, and most changes of settings touch a part of it. What another run has finished from the same
 * policy and the same settings is taken over instead of being computed again: the rewriting, each arm, each evaluation.
 */
import { armsOf, type ArmId } from '../method/arms';
import { dependsOn, evaluatedOf, type WorkId, worksOf } from '../method/plan';
import type { Change } from './backend';
import { canonicalJson } from './hash';
import type { EvaluationRecord, RunConfig, RunRecord } from './records';
import { SCHEMA_VERSION } from './schema';
import type { RunStore } from './runs';

/** Whether two runs from one policy have the same result of a piece of work. */
function shares(id: WorkId, a: RunConfig, b: RunConfig): boolean {
  const key = (config: RunConfig): string | null =>
    worksOf(armsOf(config.arms)).some((work) => work.id === id)
      ? canonicalJson([config.task, config.policyUrl, dependsOn(id, config)])
      : null;
  return key(a) !== null && key(a) === key(b);
}

/** Where each part can be taken from. */
interface Sources {
  rewriting?: RunRecord;
  arms: Partial<Record<ArmId, RunRecord>>;
}

/**
 * Fills a run that has not begun, in one transaction. The caller holds its lock.
 * @returns the record as stored: unchanged where the run has begun or there is nothing to take.
 */
export async function adopt(store: RunStore, record: RunRecord, policyId: string): Promise<RunRecord> {
  if (record.policyId !== null) return record;
  const others = (await store.list()).filter(
    (other) => other.run !== record.run && other.policyId === policyId && other.appVersion === record.appVersion,
  );
  const sources: Sources = { arms: {} };
  const rewriting = others.find((other) => other.counts !== null && shares('rewrite', other.config, record.config));
  if (rewriting) sources.rewriting = rewriting;
  for (const arm of rewriting ? armsOf(record.config.arms) : []) {
    const source = others.find((other) => other.arms[arm]?.done && shares(`train:${arm}`, other.config, record.config));
    if (source) sources.arms[arm] = source;
  }
  const evaluations = await evaluationsFrom(store, others, record, sources);
  const changes: Change[] = [
    ...evaluations.map((put): Change => ({ store: 'evaluations', put })),
    ...(rewriting ? await rewritingFrom(store, rewriting, record.run) : []),
    ...(await armsFrom(store, sources, record.run)),
  ];
  if (changes.length === 0) return record;
  const used = [...new Set([rewriting, ...Object.values(sources.arms)].filter((one) => one !== undefined))];
  const next: RunRecord = {
    ...record,
    schema: SCHEMA_VERSION,
    revision: record.revision + 1,
    policyId,
    policyName: (used[0] ?? others[0])!.policyName,
    devices: [...new Set([...used.flatMap(({ devices }) => devices), ...evaluations.map(({ device }) => device)])],
    ...(rewriting && {
      stages: rewriting.stages,
      stageSeconds: rewriting.stageSeconds,
      filtered: rewriting.filtered,
      counts: rewriting.counts,
    }),
    arms: Object.fromEntries(Object.entries(sources.arms).map(([arm, source]) => [arm, source.arms[arm as ArmId]!])),
  };
  await store.backend.write([...changes, { store: 'runs', put: next }]);
  return next;
}

async function rewritingFrom({ backend }: RunStore, from: RunRecord, run: string): Promise<Change[]> {
  const [candidates, rows] = await Promise.all([backend.range('candidates', [from.run]), backend.range('rows', [from.run])]);
  return [
    ...candidates.map((one): Change => ({ store: 'candidates', put: { ...one, run } })),
    ...rows.map((one): Change => ({ store: 'rows', put: { ...one, run } })),
  ];
}

async function armsFrom({ backend }: RunStore, { arms }: Sources, run: string): Promise<Change[]> {
  const changes: Change[] = [];
  for (const [arm, source] of Object.entries(arms)) {
    for (const one of await backend.range('metrics', [source.run, arm])) changes.push({ store: 'metrics', put: { ...one, run } });
    for (const one of await backend.range('checkpoints', [source.run, arm])) changes.push({ store: 'checkpoints', put: { ...one, run } });
  }
  return changes;
}

/** Sets that are already evaluated count one by one, as when an evaluation is continued. */
async function evaluationsFrom(
  store: RunStore,
  others: readonly RunRecord[],
  { run, config }: RunRecord,
  { arms }: Sources,
): Promise<EvaluationRecord[]> {
  const taken: EvaluationRecord[] = [];
  for (const policy of evaluatedOf(armsOf(config.arms))) {
    // An arm that is trained again here must be evaluated here.
    if (policy !== 'base' && !arms[policy]) continue;
    for (const other of others.filter((one) => shares(`evaluate:${policy}`, one.config, config))) {
      const sets = await store.evaluations(other.run, policy);
      if (sets.length === 0) continue;
      taken.push(...sets.map((one) => ({ ...one, run })));
      break;
    }
  }
  return taken;
}
