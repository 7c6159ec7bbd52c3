/** Tests every claim of the paper on the bundled policies. A folder keeps what is done; the same command continues it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { armConfig, ARMS, armsOf, byArm, type ArmId } from '../../method/arms';
import type { Measured, SeedRun } from '../../method/claims/experiment';
import type { PolicyFacts } from '../../method/claims/file';
import { gapSize, type GapSize } from '../../method/claims/gap-size';
import { dataQuality, fixedNll, gradientVariance, styleFigures } from '../../method/claims/measure';
import { SETTINGS, settingId, SIZES, TUNING_SEED, type PolicyName, type Setting } from '../../method/claims/settings';
import { tuned, type Tuning } from '../../method/claims/tuning';
import { evaluatedOf, type EvaluatedId, type RunPlan } from '../../method/plan';
import { DATA_SEED, MAX_NEW_TOKENS } from '../../method/presets';
import { reproduce } from '../../method/reproduce';
import { byProblem } from '../../method/rewrite';
import type { ArmCommit, RewritingCommit, RunStorage, StoredArm, StoredRewriting } from '../../method/run-storage';
import { mean, sum } from '../../method/statistics';
import type { Trial } from '../../method/tune';
import type { RewrittenRow } from '../../method/types';
import type { OnnxPolicy } from '../../policy/onnx-policy';
import { GAPS, styleOf, tinymath } from '../../tasks/tinymath';
import { interruptSignal } from '../interrupt';
import { duration, log, writeWhole } from '../output';
import { loadPolicy } from '../policy';
import { writeClaims } from './claims-report';
import { RunDirectory } from './directory';
import { reporter } from './reproduce';

export interface ClaimsOptions {
  seeds: number;
  out: string;
  policies: string;
  threads: number;
}

/** A stored JSON value, or what `make` gives, stored. */
async function kept<T>(path: string, make: () => Promise<T>): Promise<T> {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text !== null) return JSON.parse(text) as T;
  const value = await make();
  await writeWhole(path, `${JSON.stringify(value, null, 1)}\n`);
  return value;
}

export async function claims({ seeds, out, policies: folder, threads }: ClaimsOptions): Promise<void> {
  const started = Date.now();
  const signal = interruptSignal();
  const policies = new Map<PolicyName, OnnxPolicy>();
  const policyOf = async (name: PolicyName): Promise<OnnxPolicy> => {
    let policy = policies.get(name);
    if (!policy) policies.set(name, (policy = await loadPolicy(join(folder, name), threads)));
    return policy;
  };
  for (let seed = 1; seed <= seeds; seed++) {
    for (const setting of SETTINGS) {
      const policy = await policyOf(setting.policy);
      const tuning = await tuningOf(out, setting.policy, policy, signal);
      const began = Date.now();
      await runSetting(out, setting, seed, policy, tuning, signal);
      log(
        `${settingId(setting)}, seed ${seed}: ${duration((Date.now() - began) / 1000)}; ${duration((Date.now() - started) / 1000)} in all`,
      );
    }
    // What is done is a whole of its own.
    await writeClaims(out, await facts(out, policyOf), seed, folder);
  }
  for (const policy of policies.values()) await policy.dispose();
}

/** Trials are kept one by one. */
async function tuningOf(out: string, name: PolicyName, policy: OnnxPolicy, signal: AbortSignal): Promise<Tuning> {
  return kept(join(out, name, 'tuning.json'), async () => {
    const partial = join(out, name, 'trials.json');
    const text = await readFile(partial, 'utf8').catch(() => null);
    const known = text === null ? { trials: [] as Trial[], base: null } : (JSON.parse(text) as { trials: Trial[]; base: number | null });
    const arms = [...new Set(SETTINGS.filter((one) => one.policy === name).flatMap((one) => one.arms))];
    const told = async (trial: Trial, base: number): Promise<void> => {
      known.trials.push(trial);
      known.base = base;
      log(`${name}: tuning ${trial.arm} at ${trial.rate}: ${(100 * trial.accuracy).toFixed(1)} %`);
      await writeWhole(partial, JSON.stringify(known));
    };
    return tuned(policy, tinymath(policy.tokenizer), ARMS.filter((arm) => arms.includes(arm)), [...known.trials], known.base, told, signal); // prettier-ignore
  });
}

function planOf({ rates, arms }: Setting, seed: number, { maxLength }: OnnxPolicy, { common, chosen }: Tuning): RunPlan {
  const rateOf = (arm: ArmId) => (rates === 'common' ? common : rates === 'hot' ? 10 * common : chosen[arm]!.rate);
  return {
    // Each seed draws its own training problems; all are measured on the same test problems.
    rewrite: { set: 'train', problems: SIZES.problems, dataSeed: seed, k: SIZES.k, temperature: 1, topP: 1, seed, maxNewTokens: MAX_NEW_TOKENS, chunk: 32 }, // prettier-ignore
    arms: byArm((arm) => ({ ...armConfig(arm, seed, maxLength), learningRate: rateOf(arm) }), arms),
    evaluation: { problems: SIZES.testProblems, runs: SIZES.runs, seed, dataSeed: DATA_SEED, temperature: 1, maxNewTokens: MAX_NEW_TOKENS },
  };
}

const directoryOf = (out: string, setting: Setting, seed: number): string => join(out, settingId(setting), `seed-${seed}`);

/** A run that takes from another what the plan says is the same: the rewriting, π_0's evaluation, arms at an equal rate. */
class Continued implements RunStorage {
  constructor(
    private readonly own: RunDirectory,
    private readonly other: RunDirectory,
    private readonly shares: { rewriting: boolean; arms: ReadonlySet<ArmId> },
  ) {}
  private of(id: EvaluatedId): RunDirectory {
    return id === 'base' || this.shares.arms.has(id) ? this.other : this.own;
  }
  private get data(): RunDirectory {
    return this.shares.rewriting ? this.other : this.own;
  }
  rewriting = (): Promise<StoredRewriting> => this.data.rewriting();
  commitRewriting = (commit: RewritingCommit): Promise<void> => this.data.commitRewriting(commit);
  arm = (arm: ArmId): Promise<StoredArm | null> => this.of(arm).arm(arm);
  commitArm = (arm: ArmId, commit: ArmCommit): Promise<void> => this.own.commitArm(arm, commit);
  evaluatedSets = (id: EvaluatedId) => this.of(id).evaluatedSets(id);
  commitEvaluatedSet: RunStorage['commitEvaluatedSet'] = (id, set) => this.own.commitEvaluatedSet(id, set);
  metrics = (arm: ArmId) => this.of(arm).metrics(arm);
}

async function runSetting(
  out: string,
  setting: Setting,
  seed: number,
  policy: OnnxPolicy,
  tuning: Tuning,
  signal: AbortSignal,
): Promise<void> {
  const plan = planOf(setting, seed, policy, tuning);
  const task = tinymath(policy.tokenizer, { gap: setting.gap });
  const dir = directoryOf(out, setting, seed);
  // Refuses a folder of another policy or plan.
  const own = await RunDirectory.open(dir, { setting: settingId(setting), seed, task: task.id, policy: policy.id, plan });
  await kept(join(dir, 'run.json'), async () => {
    let storage: RunStorage & { metrics(arm: ArmId): Promise<SeedRun['metrics'][ArmId] & object> } = own;
    const first: Setting = { ...setting, gap: 'large', rates: 'common' };
    if (settingId(first) !== settingId(setting)) {
      const common = RunDirectory.at(directoryOf(out, first, seed));
      const firstPlan = planOf({ ...first, arms: setting.arms }, seed, policy, tuning);
      const sameRate = setting.arms.filter(
        (arm) => setting.gap === 'large' && firstPlan.arms[arm]!.learningRate === plan.arms[arm]!.learningRate,
      );
      storage = new Continued(own, common, { rewriting: setting.gap === 'large', arms: new Set(sameRate) });
    }
    const report = reporter();
    for await (const event of reproduce(policy, task, plan, storage, { signal })) report(event);
    return seedRun(storage, plan, seed, setting, policy, task);
  });
}

type Task = ReturnType<typeof tinymath>;

async function seedRun(
  storage: RunStorage & { metrics(arm: ArmId): Promise<SeedRun['metrics'][ArmId] & object> },
  plan: RunPlan,
  seed: number,
  setting: Setting,
  policy: OnnxPolicy,
  task: Task,
): Promise<SeedRun> {
  const arms = armsOf(plan.arms);
  const run: SeedRun = { seed, stages: (await storage.rewriting()).counts!, learningRates: {}, evaluated: {}, metrics: {}, measured: null };
  for (const arm of arms) {
    run.learningRates[arm] = plan.arms[arm]!.learningRate;
    run.metrics[arm] = await storage.metrics(arm);
  }
  for (const id of evaluatedOf(arms)) run.evaluated[id] = await storage.evaluatedSets(id);
  const measures = setting.rates === 'common' && setting.gap === 'large' && (setting.policy === 'base' || setting.policy === 'instruct');
  if (measures) run.measured = await measure(storage, arms, seed, policy, task);
  return run;
}

async function measure(storage: RunStorage, arms: readonly ArmId[], seed: number, policy: OnnxPolicy, task: Task): Promise<Measured> {
  const rows = byProblem((await storage.rewriting()).rows);
  const validation = task.problems('validation', SIZES.validation.problems, DATA_SEED);
  const style = { runs: SIZES.validation.runs, seed: TUNING_SEED + seed, maxNewTokens: MAX_NEW_TOKENS };
  const measured: Measured = { problems: rows.map(logProbsOf), ess: {}, gradients: { expert: NaN, rewritten: NaN }, style: {}, nll: {} };
  const fork = await policy.fork();
  for (const which of ['expert', 'rewritten'] as const) measured.gradients[which] = await gradientVariance(fork, rows, which);
  for (const id of evaluatedOf(arms)) {
    if (id !== 'base') await fork.restore((await storage.arm(id))!.checkpoint);
    const of = id === 'base' ? policy : fork;
    measured.ess[id] = await dataQuality(of, rows);
    measured.style[id] = await styleFigures(of, task, validation, styleOf, style);
    measured.nll[id] = await fixedNll(of, task, validation);
  }
  await fork.dispose();
  return measured;
}

function logProbsOf({ problemId, stage, expert, policyLogProbs }: RewrittenRow): Measured['problems'][number] {
  const of = (logProbs: Float32Array) => ({ sum: sum(logProbs), perToken: mean(logProbs) });
  return { problem: problemId, stage, expert: of(expert.policyLogProbs), kept: of(policyLogProbs) };
}

/** How far the expert is from each policy at each setting of the dial. */
async function facts(out: string, policyOf: (name: PolicyName) => Promise<OnnxPolicy>): Promise<Record<string, PolicyFacts>> {
  const all: Record<string, PolicyFacts> = {};
  for (const name of new Set(SETTINGS.map((one) => one.policy))) {
    const policy = await policyOf(name);
    all[name] = await kept(join(out, name, 'policy.json'), async () => {
      const gaps: Record<string, GapSize> = {};
      for (const gap of GAPS) gaps[gap] = await gapSize(policy, tinymath(policy.tokenizer, { gap }), 1000, TUNING_SEED);
      return { id: policy.id, parameters: policy.parameterCount, gaps };
    });
  }
  return all;
}
