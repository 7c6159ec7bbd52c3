/**
 * The built-in world: arithmetic problems, as expressions and as short stories, small enough for a policy of about a million parameters
 * that is trained from scratch in the project.
 *
 * - **Problems** (`families.ts`, `generate.ts`, `question.ts`). Families of rising difficulty: sums, products, exact divisions, brackets,
 *   chains of one to five operations, long products, large numbers. All answers are integers.
 * - **Hands** (`hands.ts`). The own voice takes one operation at a time: "First 12+7=19. Then 19*3=57. The answer is 57." It is written by several
 *   hands, careful and careless, as a web corpus is: the policy's skill is latent until something brings the careful hand out.
 * - **The expert** (`voices.ts`) merges operations and uses other words: "… From the facts of the problem we get (12+7)*3=57. … \\boxed{57}." It is a
 *   stochastic grammar (`grammar.ts`) whose exact log-probability per token is computed, so its μ is known. How much it merges is a dial (`gap.ts`).
 * - **Splits** (`generate.ts`). A hash of the arithmetic alone decides whether a problem belongs to pre-training, train, validation or
 *   test, whatever its names and wording.
 * - **Where difficulty comes from.** Pre-training sees most families and the retell format for most of them. Long products are rare there,
 *   but their retelling is not: the policy cannot compute them, yet can repeat a value that the expert wrote (guided-alignment). In
 *   `two-products` the expert merges both long products into one expression, and `large-3` has numbers with more digits than the policy
 *   has ever seen: there even the expert's text does not help (fallback).
 *
 * The tables in `families.ts` hold every number of this.
 */
import { createRandom } from '../../policy/random';
import type { Tokenizer } from '../../policy/types';
import type { Demonstration, Problem, Task } from '../types';
import { evaluate, format } from './arithmetic';
import { pretokenEncoder } from '../grammar/encode';
import { FAMILIES, SETS, TEST_SETS, type Family, type SetId, type Split } from './families';
import { drawInSplit, instanceId, parseInstanceId, type Instance } from './generate';
import { grade } from './grade';
import { sample, tokenLogProbs, type Node } from '../grammar/grammar';
import { plainMessages, retellMessages } from './prompts';
import { question } from './question';
import { ownText } from './hands';
import { DEFAULT_GAP, worldTask, type Gap } from './gap';
import { expertVoice } from './voices';

export { corruptAnswer } from './corrupt';
export { FAMILIES, family, SETS, SPLITS, TEST_SETS, type Family } from './families';
export { HANDS_OF, type Hand } from './hands';
export { styleOf, type Style } from './style';
export { DEFAULT_GAP, gapOf, GAPS, worldTask, type Gap } from './gap';
export { tinymathWorld } from './pretraining';

function toProblem(instance: Instance): Problem {
  return {
    id: instanceId(instance),
    family: instance.family,
    question: question(instance),
    gold: String(evaluate(instance.expression)),
  };
}

/** A set's families with their weights, and the split it draws from. */
function mixture(set: string): { split: Split; families: { family: Family; weight: number }[] } {
  if (!SETS.some((s) => s.id === set)) throw new Error(`unknown problem set '${set}'; known: ${SETS.map((s) => s.id).join(', ')}`);
  const id = set as SetId;
  const mixed = id === 'train' || id === 'validation';
  const families = FAMILIES.filter((f) => (mixed ? f.train > 0 : f.test === id)).map((f) => ({ family: f, weight: mixed ? f.train : 1 }));
  return { split: mixed ? id : 'test', families };
}

/**
 * The first `count` problems: a longer request begins with the shorter one's. Families take turns by their weights (the one furthest
 * behind its share is next), so that any prefix holds the mixture; no arithmetic comes twice.
 */
export function problems(set: string, count: number, seed: number): Problem[] {
  if (!Number.isInteger(count) || count < 0) throw new RangeError(`the number of problems must be a whole number, got ${count}`);
  const { split, families } = mixture(set);
  const total = families.reduce((sum, f) => sum + f.weight, 0);
  const random = createRandom(seed, `tinymath/${set}`);
  const drawn = families.map(() => 0);
  const seen = new Set<string>();
  const list: Problem[] = [];
  for (let i = 1; i <= count; i++) {
    const behind = families.map((f, k) => (f.weight / total) * i - drawn[k]!);
    const k = behind.indexOf(Math.max(...behind));
    drawn[k]!++;
    for (let attempt = 0; ; attempt++) {
      const instance = drawInSplit(families[k]!.family, split, random);
      const key = format(instance.expression);
      // A set larger than a family has problems repeats arithmetic (in other words) rather than never ending.
      if (seen.has(key) && attempt < 200) continue;
      seen.add(key);
      list.push(toProblem(instance));
      break;
    }
  }
  return list;
}

/** The built-in world as a task, for the policy whose tokenizer this is: token log-probs of demonstrations are in its tokens. */
export function tinymath(tokenizer: Tokenizer, { gap = DEFAULT_GAP }: { gap?: Gap } = {}): Task {
  const encode = pretokenEncoder(tokenizer);

  return {
    id: worldTask(gap),
    name: 'Built-in world',
    sets: [...SETS],
    testSets: [...TEST_SETS],
    problems,
    demonstration(problem: Problem): Demonstration {
      const grammar = expertGrammar(problem, gap);
      const text = expertText(problem, gap, grammar);
      const ids = encode(text);
      // Under another model's tokenizer the grammar's pieces may not join to the text's tokens, and μ per token is not defined.
      if (!sameIds(ids, tokenizer.encode(text))) return { text };
      return { text, logProbs: tokenLogProbs(grammar, [...ids, tokenizer.eosId], encode, tokenizer.eosId) };
    },
    messages: (problem) => plainMessages(problem.question),
    retellMessages: (problem, expertText) => retellMessages(problem.question, expertText),
    grade: (problem, response) => grade(problem.gold, response),
  };
}

const expertGrammar = (problem: Problem, gap: Gap): Node => expertVoice(parseInstanceId(problem.id).expression, gap);

/** A demonstration's text alone: its log-probs take most of the time. */
export function expertText(problem: Problem, gap: Gap = DEFAULT_GAP, grammar = expertGrammar(problem, gap)): string {
  return sample(grammar, createRandom(0, `tinymath/expert/${problem.id}`));
}

/** A flawless solution in the policy's own voice. The same for the same problem and seed. */
export function ownSolution(problem: Problem, seed: number): string {
  return ownText(parseInstanceId(problem.id).expression, createRandom(seed, `tinymath/own/${problem.id}`));
}

function sameIds(a: Int32Array, b: Int32Array): boolean {
  return a.length === b.length && a.every((id, i) => id === b[i]);
}
