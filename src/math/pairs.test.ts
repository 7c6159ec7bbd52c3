import { describe, expect, it } from 'vitest';
import { gradeAnswer, gradeResponse } from '.';
import algebra from './testing/algebra';
import assorted from './testing/assorted';
import numbers from './testing/numbers';
import { pairsOf } from './testing/pairs';
import { RESPONSES } from './testing/responses';
import sets from './testing/sets';
import spelling from './testing/spelling';
import words from './testing/words';

const tables = { numbers, algebra, sets, words, spelling, assorted };

describe('pairs of answers', () => {
  it.each(Object.entries(tables))('%s: every pair is judged as its sign says', (_, table) => {
    const pairs = pairsOf(table);
    expect(pairs.length).toBeGreaterThan(50);
    const wrong = pairs
      .map((pair) => ({ ...pair, verdict: gradeAnswer(pair.gold, pair.prediction) }))
      .filter(({ equal, verdict }) => verdict.correct !== equal)
      .map(({ gold, prediction, verdict }) => `${gold} | ${prediction}: ${verdict.rule}`);
    expect(wrong).toEqual([]);
  });

  it('an answer equals itself, boxed or in dollars, and every verdict says why', () => {
    const wrong = Object.values(tables)
      .flatMap(pairsOf)
      .filter(({ gold }) => gold.trim() !== '')
      .filter(({ gold }) => {
        const verdicts = [gradeAnswer(gold, gold), gradeResponse(gold, `So we get $\\boxed{${gold}}$.`)];
        return verdicts.some((verdict) => !verdict.correct || verdict.rule === '');
      })
      .map(({ gold }) => gold);
    // Only an answer whose braces do not balance cannot be boxed.
    expect(wrong.filter((gold) => gold.split('{').length === gold.split('}').length)).toEqual([]);
  });

  it('equality does not depend on which of the two is the gold answer, where both are bare values', () => {
    const wrong = pairsOf(numbers)
      .filter(({ gold, prediction }) => gold !== '' && prediction !== '')
      .filter(({ gold, prediction, equal }) => gradeAnswer(prediction, gold).correct !== equal)
      .map(({ gold, prediction }) => `${prediction} | ${gold}`);
    expect(wrong).toEqual([]);
  });

  it('verdicts are the same in any order of calls', () => {
    const pairs = Object.values(tables).flatMap(pairsOf);
    const forward = pairs.map(({ gold, prediction }) => gradeAnswer(gold, prediction));
    const backward = [...pairs].reverse().map(({ gold, prediction }) => gradeAnswer(gold, prediction));
    expect(backward.reverse()).toEqual(forward);
  });
});

describe('answers in responses', () => {
  it('every response is judged as labelled', () => {
    const wrong = RESPONSES.map(([gold, response, right]) => ({ gold, response, right, verdict: gradeResponse(gold, response) }))
      .filter(({ right, verdict }) => verdict.correct !== right)
      .map(({ gold, response, verdict }) => `${gold} | ${response}: ${verdict.prediction}, ${verdict.rule}`);
    expect(wrong).toEqual([]);
  });
});
