import { describe, expect, it } from 'vitest';
import { byProblem, rewritten } from '../rewrite';
import { letterPolicy, letterTask, rewriteConfig } from '../testing/letter-task';
import { OPERATORS, operatorOf, SAMPLING_STAGES, STAGE, STAGES } from '.';

describe('data operators', () => {
  it.each(OPERATORS.map((operator) => [operator.id, operator] as const))('%s gives every problem one row', async (_id, operator) => {
    const { rows } = await rewritten(letterPolicy(), letterTask, rewriteConfig, { operator });
    expect(new Set(rows.map((row) => row.problemId)).size).toBe(rewriteConfig.problems);
    expect(rows).toHaveLength(rewriteConfig.problems);
  });

  it.each(OPERATORS.map((operator) => [operator.id, operator] as const))(
    '%s run by itself gives the rows that follow from a full rewriting',
    async (_id, operator) => {
      const full = await rewritten(letterPolicy(), letterTask, rewriteConfig);
      const own = await rewritten(letterPolicy(), letterTask, rewriteConfig, { operator });
      const derived = byProblem(full.rows).map((row) => operator.fromRewriting!(row));
      const known = ({ problemId, stage, completion, tokens, policyLogProbs, behaviorLogProbs }: (typeof derived)[number]) => ({
        problemId,
        stage,
        completion,
        tokens,
        policyLogProbs,
        behaviorLogProbs,
      });
      expect(own.rows.map(known)).toEqual(derived.map(known));
    },
  );

  it('shares candidates: an operator whose samples are all in the store draws none', async () => {
    const full = await rewritten(letterPolicy(), letterTask, rewriteConfig);
    for (const operator of OPERATORS) {
      const policy = letterPolicy();
      const own = await rewritten(policy, letterTask, rewriteConfig, { operator, progress: { candidates: full.candidates, rows: [] } });
      expect(policy.sampleCalls, operator.id).toBe(0);
      expect(own.candidates).toEqual([]);
    }
  });

  it('keeps the expert’s text where an ablation leaves a stage out', async () => {
    const { rows } = await rewritten(letterPolicy(), letterTask, rewriteConfig);
    const guidedOnly = rows.map(operatorOf('guided-only').fromRewriting!);
    expect(guidedOnly.some((row) => row.stage === 'self')).toBe(false);
    for (const [i, row] of rows.entries()) {
      const ablated = guidedOnly[i]!;
      if (row.stage === 'guided') expect(ablated).toBe(row);
      else expect(ablated).toMatchObject({ completion: row.expert.text, tokens: row.expert.tokens, kept: -1, stage: 'fallback' });
    }
  });

  it('has unique ids and names what is unknown', () => {
    expect(new Set(OPERATORS.map(({ id }) => id)).size).toBe(OPERATORS.length);
    expect(() => operatorOf('sdft2')).toThrow('There is no data operator "sdft2". Known operators: expert, dr, self-only, guided-only.');
  });
});

describe('stages', () => {
  it('are a ladder whose last step always settles', () => {
    expect(STAGES).toEqual(['self', 'guided', 'fallback']);
    expect(SAMPLING_STAGES).toEqual(['self', 'guided']);
    expect(STAGE[STAGES.at(-1)!].samples).toBe(false);
  });
});
