/** The world's grader: integers, compared exactly. */
import type { Verdict } from '../types';

interface Found {
  at: number;
  content: string;
  where: string;
}

/** "The answer is 57." / "Answer: 57." / `\boxed{57}`: whichever comes last. */
function finalAnswer(response: string): Found | null {
  let last: Found | null = null;
  const look = (pattern: RegExp, where: string): void => {
    for (const match of response.matchAll(pattern))
      if (!last || match.index >= last.at) last = { at: match.index, content: match[1]!.trim(), where };
  };
  look(/\\boxed\{([^{}]*)\}/g, 'the last \\boxed{}');
  look(/\banswer(?: is\b|:)([^.\n\\]*)/gi, 'the text after "answer"');
  return last;
}

/** An integer, perhaps with the name of what is counted after it. */
function integer(content: string): bigint | null {
  const match = /^(-?\d{1,30})(?: \p{L}+)*$/u.exec(content);
  return match ? BigInt(match[1]!) : null;
}

/** Never correct without an answer: an empty response does not match an empty gold. */
export function grade(gold: string, response: string): Verdict {
  const expected = integer(gold.trim());
  if (expected === null)
    return { correct: false, rule: `The gold answer '${gold}' is not an integer.`, status: 'unparsable-gold', prediction: null, gold };
  const found = finalAnswer(response);
  if (!found || found.content === '')
    return { correct: false, rule: 'No final answer: neither "answer is …" nor \\boxed{…}.', status: 'no-answer', prediction: null, gold };
  const value = integer(found.content);
  if (value === null) {
    const rule = `From ${found.where}: '${found.content}' is not an integer.`;
    return { correct: false, rule, status: 'unparsable-prediction', prediction: found.content, gold };
  }
  const correct = value === expected;
  return {
    correct,
    rule: `From ${found.where}: ${value} ${correct ? 'equals' : 'is not'} ${expected}.`,
    status: 'ok',
    prediction: String(value),
    gold,
  };
}
