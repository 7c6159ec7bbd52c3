import type { Verdict, VerdictStatus } from './verdict';
import { Budget } from './compare/budget';
import { BudgetError } from './compare/rational';
import type { Outcome } from './compare/context';
import { compareAnswers } from './compare/structure';
import { extractAnswer, extractGold } from './extract';
import { joinThousands, MAX_ANSWER_LENGTH, normalise, spellingKey } from './normalise';
import { resolveOptions, type GradeOptions } from './options';
import { parseAnswer, ParseError, plainText } from './parse';
import { canonicalWords } from './parse/vocabulary';
import type { Answer } from './parse/ast';

/**
 * Grades a model's response: extracts its final answer and compares it with the gold answer.
 *
 * Pure, synchronous and bounded: the verdict depends on the arguments only, and every check ends after a counted number of steps.
 * @throws RangeError for an unknown option or value.
 */
export function gradeResponse(gold: string, response: string, options?: Partial<GradeOptions>): Verdict {
  const resolved = resolveOptions(options);
  const { answer, source } = extractAnswer(response, resolved.unboxed);
  const goldAnswer = extractGold(gold);
  if (answer === null) return { correct: false, rule: source, status: 'no-answer', prediction: null, gold: goldAnswer };
  return compareTexts(goldAnswer, answer, resolved);
}

/** Longest prediction that is taken for an answer as a whole where no rule finds one in it. */
const MAX_BARE = 400;

/**
 * Grades an answer that may come bare or with words around it. The same as {@link gradeResponse}, except that an answer without a box always
 * counts, `unboxed` or not, and that a short text in which nothing is announced is the answer itself.
 * @throws RangeError for an unknown option or value.
 */
export function gradeAnswer(gold: string, prediction: string, options?: Partial<GradeOptions>): Verdict {
  const unboxed = options?.unboxed === 'box-only' ? 'stated' : options?.unboxed;
  const verdict = gradeResponse(gold, prediction, { ...options, unboxed });
  const whole = prediction.trim();
  if (verdict.prediction !== null || whole === '' || whole.length > MAX_BARE || /\\boxed|<\/?think|\n/.test(whole)) return verdict;
  return compareTexts(verdict.gold, whole, resolveOptions({ ...options, unboxed }));
}

/** Words, dates and the like, without any mathematics: "July 4, 1776". */
const PHRASE = /^(?=.*[A-Za-z]{3})[\p{L}\d ,.'-]+$/u;

function compareTexts(gold: string, prediction: string, options: GradeOptions): Verdict {
  const verdict = (correct: boolean, rule: string, status: VerdictStatus = 'ok'): Verdict => ({ correct, rule, status, prediction, gold });
  if (gold.length > MAX_ANSWER_LENGTH) return verdict(false, 'the gold answer is too long', 'unparsable-gold');
  if (prediction.length > MAX_ANSWER_LENGTH) return verdict(false, 'the answer is too long', 'unparsable-prediction');
  const [g, p] = [normalise(gold), normalise(prediction)];
  if (!g) return verdict(false, 'the gold answer is empty', 'unparsable-gold');
  if (!p) return verdict(false, 'the answer is empty', 'no-answer');
  if (spellingKey(g) === spellingKey(p)) return verdict(true, 'the same spelling');
  const [words, said] = [plainText(g), plainText(p)];
  if (PHRASE.test(words) && PHRASE.test(said) && canonicalWords(words) === canonicalWords(said)) return verdict(true, 'the same words');
  try {
    const { outcome, status } = compareReadings(g, p, options);
    return verdict(outcome.equal, outcome.rule, status);
  } catch (error) {
    if (error instanceof BudgetError) return verdict(false, `stopped: ${error.message}`, 'timeout');
    throw error;
  }
}

/** Compares the usual reading first and, where commas could also separate thousands or items, the other one. */
function compareReadings(g: string, p: string, options: GradeOptions): { outcome: Outcome; status: VerdictStatus } {
  const join = options.thousands === 'comma' ? joinThousands : (text: string): string => text;
  const readings: (readonly [string, string])[] = [[join(g), join(p)]];
  if (readings[0]![0] !== g || readings[0]![1] !== p) readings.push([g, p]);
  const budget = new Budget();
  let first: { outcome: Outcome; status: VerdictStatus } | null = null;
  for (const [goldText, predictionText] of readings) {
    const result = compareParsed(goldText, predictionText, options, budget);
    if (result.outcome.equal) return result;
    first ??= result;
  }
  return first!;
}

function compareParsed(g: string, p: string, options: GradeOptions, budget: Budget): { outcome: Outcome; status: VerdictStatus } {
  const gold = tryParse(g);
  if (typeof gold === 'string')
    return { outcome: { equal: false, rule: `the gold answer cannot be read: ${gold}` }, status: 'unparsable-gold' };
  const prediction = tryParse(p);
  if (typeof prediction === 'string')
    return { outcome: { equal: false, rule: `the answer cannot be read: ${prediction}` }, status: 'unparsable-prediction' };
  return { outcome: compareAnswers(gold, prediction, { options, budget }), status: 'ok' };
}

function tryParse(text: string): Answer | string {
  try {
    return parseAnswer(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return parseNamed(text) ?? error.message;
  }
}

/** What may name a value: letters and commands with brackets, no sums, not beginning with a number. */
const NAME = /^[A-Za-z\\](?:[^+<>&()]|\([^()]*\)){0,80}$/;

/**
 * "P(A \mid B) = \frac{1}{3}", "\deg f = 3": a name that is no mathematics of ours, and a value that is. Null where neither side of the last
 * equals sign is so.
 */
function parseNamed(text: string): Answer | null {
  const at = text.lastIndexOf('=');
  const name = text.slice(0, at).trim();
  if (at < 1 || !NAME.test(name) || /[<>!:]$/.test(name)) return null;
  try {
    const value = parseAnswer(text.slice(at + 1));
    return { kind: 'relation', parts: [{ kind: 'symbol', name: name.replace(/\s+/g, '') }, value], operators: ['='] };
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}
