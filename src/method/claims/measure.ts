/** What claims need of a run beyond its accuracies: how good the data are under a policy, how noisy their gradients, what its own responses look like. */
import type { Objective } from '../../policy/objective';
import type { Policy, TrainablePolicy, TrainExample } from '../../policy/types';
import { neg, mul } from '../../tensor';
import { weightSummary } from '../diagnostics/ess';
import { expertWeights, rewrittenWeights } from '../diagnostics/weights';
import { encodePrompt } from '../operators';
import { join, plainSequence } from '../operators/prepare';
import { STAGES, type Stage } from '../operators';
import { mean, sum } from '../statistics';
import type { RewrittenRow } from '../types';
import type { Problem, Task } from '../../tasks/types';

/** Effective sample size over n of the true sequence ratios, the acceptance c/K included: of all rows, and of each stage's. */
export type EssByStage = Record<'all' | Stage, number>;

export interface DataQuality {
  expert: EssByStage;
  rewritten: EssByStage;
}

/** log π of both responses of each row, given the plain prompt. */
async function scores(policy: Policy, rows: readonly RewrittenRow[]): Promise<{ expert: Float32Array[]; rewritten: Float32Array[] }> {
  const of = async (tokens: (row: RewrittenRow) => Int32Array) =>
    (await policy.score(rows.map((row) => plainSequence(row, tokens(row))))).map(({ logProbs }) => logProbs);
  return { expert: await of((row) => row.expert.tokens), rewritten: await of((row) => row.tokens) };
}

/** Under a policy: π_0 at step 0, or an arm's last. */
export async function dataQuality(policy: Policy, rows: readonly RewrittenRow[]): Promise<DataQuality> {
  const scored = await scores(policy, rows);
  const logWeights = {
    expert: rows.map((row, i) => expertWeights(row, scored.expert[i])),
    rewritten: rows.map((row, i) => rewrittenWeights(row, scored.rewritten[i])),
  };
  const ess = (which: 'expert' | 'rewritten', stage: Stage | 'all'): number => {
    const own = logWeights[which].filter((one, i) => one.ratioSequence !== null && (stage === 'all' || rows[i]!.stage === stage));
    return own.length === 0 ? NaN : weightSummary(own.map((one) => one.ratioSequence! + one.logAcceptance)).essRatio;
  };
  const byStage = (which: 'expert' | 'rewritten') =>
    Object.fromEntries((['all', ...STAGES] as const).map((stage) => [stage, ess(which, stage)])) as EssByStage;
  return { expert: byStage('expert'), rewritten: byStage('rewritten') };
}

/** Each token pulls with its example's weight, `advantage`: the gradient of Σ w_i log π(y_i). */
const WEIGHTED: Objective = { key: 'claims/weighted', needs: ['advantage'], loss: ({ logp, advantage }) => neg(mul(logp, advantage)) };

/**
 * Relative variance tr Cov(w_i ∇log π(y_i)) / ‖E[w_i ∇log π(y_i)]‖² of per-example gradients under the true weights w_i = ∏ρ·c/K: how noisy a step
 * that uses them would be. Weights are relative to the largest, which the ratio does not feel.
 *
 * @param policy a fork: its moments are used
 */
export async function gradientVariance(
  policy: TrainablePolicy,
  rows: readonly RewrittenRow[],
  which: 'expert' | 'rewritten',
): Promise<number> {
  const known = rows.flatMap((row) => {
    const weights = which === 'expert' ? expertWeights(row) : rewrittenWeights(row);
    const tokens = which === 'expert' ? row.expert.tokens : row.tokens;
    return weights.ratioSequence === null ? [] : [{ row, tokens, logWeight: weights.ratioSequence + weights.logAcceptance }];
  });
  const largest = Math.max(...known.map(({ logWeight }) => logWeight));
  const examples = known.map(({ row, tokens, logWeight }): TrainExample => {
    const { promptTokens } = row;
    return { ids: join(promptTokens, tokens), from: promptTokens.length, advantage: Math.exp(logWeight - largest) };
  });
  // A rate of 0 leaves the parameters as they are and tells the norm.
  const normOf = async (some: TrainExample[]): Promise<number> => {
    await policy.accumulate(some, WEIGHTED, 1);
    return (await policy.apply({ learningRate: 0, weightDecay: 0 })).gradNorm;
  };
  let squares = 0;
  for (const example of examples) squares += (await normOf([example])) ** 2;
  const n = examples.length;
  const meanSquare = ((await normOf(examples)) / n) ** 2;
  return (squares / n - meanSquare) / meanSquare;
}

export interface StyleFigures {
  /** Share of responses with steps whose opening is mostly the careful hand's. */
  carefulOpenings: number;
  /** Share of written steps that are wrong. */
  slipRate: number;
  /** Mean entropy in nats at tokens that are digits of a written value. */
  digitEntropy: number;
  /** Accuracy of one sample at T = 1, and greedy. */
  accuracy: number;
  greedy: number;
}

/** How a response is read: in the built-in world its opening and its slips. */
export type ReadStyle = (response: string) => { opening: string; steps: number; slips: number };

/** Of a policy's own responses to validation problems. */
export async function styleFigures(
  policy: Policy,
  task: Task,
  problems: readonly Problem[],
  read: ReadStyle,
  { runs, seed, maxNewTokens }: { runs: number; seed: number; maxNewTokens: number },
): Promise<StyleFigures> {
  const prompts = problems.map((problem) => ({ key: problem.id, tokens: encodePrompt(policy.tokenizer, task.messages(problem)).tokens }));
  const byId = new Map(problems.map((problem) => [problem.id, problem]));
  const sampled = async (temperature: number, n: number) => {
    const responses: { text: string; tokens: Int32Array; prompt: Int32Array; correct: boolean }[] = [];
    const request = { prompts, n, temperature, topP: 1, seed, purpose: 'style', maxNewTokens };
    for await (const { key, tokens, prompt } of policy.sample(request)) {
      const text = policy.tokenizer.decode(tokens);
      responses.push({ text, tokens, prompt, correct: task.grade(byId.get(key)!, text).correct });
    }
    return responses;
  };
  const own = await sampled(1, runs);
  const greedy = await sampled(0, 1);
  const styles = own.map(({ text }) => read(text));
  const stepped = styles.filter(({ steps }) => steps > 0);
  const scored = await policy.score(own.map(({ prompt, tokens }) => ({ ids: join(prompt, tokens), from: prompt.length })));
  const atDigits: number[] = [];
  for (const [i, { tokens }] of own.entries()) {
    let inValue = false;
    for (const [t, token] of tokens.entries()) {
      const piece = policy.tokenizer.decode([token]);
      if (inValue && /^\d+$/.test(piece)) atDigits.push(scored[i]!.entropies[t]!);
      else inValue = piece.endsWith('=');
    }
  }
  return {
    carefulOpenings: mean(stepped.map(({ opening }) => Number(opening === 'careful'))),
    slipRate: sum(styles.map(({ slips }) => slips)) / sum(styles.map(({ steps }) => steps)),
    digitEntropy: mean(atDigits),
    accuracy: mean(own.map(({ correct }) => Number(correct))),
    greedy: mean(greedy.map(({ correct }) => Number(correct))),
  };
}

/** Mean −log π per token of fixed texts: the expert's responses to validation problems. */
export async function fixedNll(policy: Policy, task: Task, problems: readonly Problem[]): Promise<number> {
  const sequences = problems.map((problem) => {
    const prompt = encodePrompt(policy.tokenizer, task.messages(problem)).tokens;
    const text = policy.tokenizer.encode(task.demonstration(problem).text);
    return { ids: join(prompt, Int32Array.of(...text, policy.tokenizer.eosId)), from: prompt.length };
  });
  const logProbs = (await policy.score(sequences)).flatMap((score) => [...score.logProbs]);
  return -mean(logProbs);
}
