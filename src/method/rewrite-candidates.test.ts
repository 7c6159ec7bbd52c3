import { describe, expect, it } from 'vitest';
import { readCandidateRows, type CandidateLine } from '../tasks/dataset/candidate-row';
import type { CandidateRow } from '../tasks/dataset/types';
import type { Grade } from '../tasks/graders';
import { gradeResponse } from '../math';
import { dataWeights, stageLogProbs, weightDiagnostics } from './diagnostics';
import { candidateRecord } from './export/candidates';
import type { DatasetProvenance } from './export/dataset';
import { rewriteRecord } from './export/rewrite-record';
import { rewrite } from './rewrite';
import { rewriteCandidates } from './rewrite-candidates';
import { letterPolicy, letterTask, rewriteConfig } from './testing/letter-task';
import type { Candidate, RewrittenRow } from './types';

const grade: Grade = (gold, response) => gradeResponse(gold, response);
const provenance: DatasetProvenance = {
  source: 'sampled here',
  task: 't',
  policy: null,
  seed: 7,
  k: 4,
  temperature: 1,
  topP: 1,
  app: 'test',
};
const lines = (...texts: string[]) => texts.map((text, i) => ({ number: i + 1, text }));
async function read(...texts: string[]): Promise<CandidateLine[]> {
  const all: CandidateLine[] = [];
  for await (const line of readCandidateRows(lines(...texts))) all.push(line);
  return all;
}

const half: CandidateRow & { id: string } = {
  id: 'half',
  problem: 'What is a half of one?',
  gold: '\\frac12',
  expert: 'Divide: \\boxed{1/2}',
  expertLogProbs: [-4, -2],
  candidates: [
    {
      stage: 'guided',
      response: 'so \\boxed{0.5}',
      logProbs: [-1, -1, -2],
      retellLogProbs: [-0.5, -0.5, -1],
      samplingLogProbs: [-0.4, -0.4, -0.9],
    },
    { stage: 'self', response: '\\boxed{2}', logProbs: [-1] },
    { stage: 'guided', response: 'cut \\boxed{1/2}', finish: 'length' },
    { stage: 'self', response: 'I do not know' },
  ],
};

describe('candidates made elsewhere', () => {
  it('are graded and decided stage after stage; a response that was cut is never kept', () => {
    const { row, candidates } = rewriteCandidates(half, grade, 1);
    expect(candidates.map(({ stage, k, correct }) => [stage, k, correct])).toEqual([
      ['self', 0, false],
      ['self', 1, false],
      ['guided', 0, true],
      ['guided', 1, false],
    ]);
    expect(row).toMatchObject({ stage: 'guided', kept: 0, completion: 'so \\boxed{0.5}', correctCount: 1, sampledCount: 2 });
    // Trained and scored with the plain prompt, drawn from μ under the retell prompt.
    expect([...row.policyLogProbs!]).toEqual([-1, -1, -2]);
    expect([...row.behaviorLogProbs!]).toEqual([-0.4, -0.4, -0.9].map(Math.fround));
    expect([...candidates[2]!.policyLogProbs!]).toEqual([-0.5, -0.5, -1]);
  });

  it('self comes first, and the expert’s text stays where nothing is right; unknown log-probs stay unknown', () => {
    const self = { ...half, candidates: [...half.candidates, { stage: 'self' as const, response: '\\boxed{50\\%}' }] };
    const decided = rewriteCandidates(self, grade, 1).row;
    expect(decided).toMatchObject({ stage: 'self', kept: 2, correctCount: 1, sampledCount: 3, policyLogProbs: null });
    expect(decided.behaviorLogProbs).toBeNull();

    const wrong = rewriteCandidates({ ...half, candidates: half.candidates.slice(1, 2) }, grade, 1).row;
    expect(wrong).toMatchObject({ stage: 'fallback', kept: -1, completion: half.expert, correctCount: 0, sampledCount: 1 });
    expect([...wrong.policyLogProbs!]).toEqual([-4, -2]);
    expect(rewriteCandidates({ ...half, candidates: [] }, grade, 1).row).toMatchObject({ stage: 'fallback', sampledCount: 0 });
  });

  it('gives stage log-probs and weights over what is known', () => {
    const unknown = { ...half, id: 'other', candidates: [{ stage: 'guided' as const, response: '\\boxed{1/2}' }] };
    const rows = [half, unknown].map((row) => rewriteCandidates(row, grade, 1).row);
    const { guided } = stageLogProbs(rows);
    expect(guided).toMatchObject({
      problems: 2,
      expert: { sum: -6, responses: 2 },
      rewritten: { sum: -4, responses: 1 },
      difference: { sum: { mean: 2 } },
    });
    const { expert, rewritten } = dataWeights(rows);
    expect(expert).toHaveLength(2);
    const { responses, known, ratio } = weightDiagnostics(rewritten);
    expect([responses, known, ratio.token.n]).toEqual([1, 1, 3]);
    expect(rewritten[0]!.ratioSequence).toBeCloseTo(-4 + 1.7, 6);
    expect(rewritten[0]!.logAcceptance).toBeCloseTo(Math.log(1 / 2), 12);
  });

  it('come through the lines of `gap rewrite` with all that was known', async () => {
    const once = rewriteCandidates(half, grade, 1);
    const [again] = await read(JSON.stringify(rewriteRecord(once.row, once.candidates, null)));
    if (!again || 'error' in again) throw new Error(again?.error);
    const twice = rewriteCandidates({ ...again.row, expertLogProbs: half.expertLogProbs! }, grade, 1); // the lines have no place for these
    expect(twice.row).toEqual(once.row);
    expect(twice.candidates).toEqual(once.candidates);
  });

  it('keeps what T keeps when it samples here, from both of its exports', async () => {
    const candidates: Candidate[] = [];
    const rows: RewrittenRow[] = [];
    for await (const event of rewrite(letterPolicy(), letterTask, rewriteConfig)) {
      if (event.type === 'candidate') candidates.push(event.candidate);
      else if (event.type === 'chunk' || event.type === 'rows') rows.push(...event.rows);
    }
    expect(new Set(rows.map((row) => row.stage)).size).toBe(3);
    const lastLetter: Grade = (gold, response) => letterTask.grade({ id: '', family: '', question: '', gold }, response);
    const own = (row: RewrittenRow) => candidates.filter((one) => one.problemId === row.problemId);
    for (const record of [
      (row: RewrittenRow): object => candidateRecord(row, own(row), provenance),
      (row: RewrittenRow): object => rewriteRecord(row, own(row), row.prompt),
    ]) {
      const again = (await read(...rows.map((row) => JSON.stringify(record(row))))).map((line) => {
        if ('error' in line) throw new Error(line.error);
        return rewriteCandidates(line.row, lastLetter, rewriteConfig.seed);
      });
      for (const [i, { row, candidates: graded }] of again.entries()) {
        const { stage, kept, completion, correctCount, sampledCount } = rows[i]!;
        expect(row).toMatchObject({ stage, kept, completion, correctCount, sampledCount });
        expect(graded.map(({ text, k }) => [text, k])).toEqual(
          [...own(rows[i]!)].sort((a, b) => b.stage.localeCompare(a.stage) || a.k - b.k).map(({ text, k }) => [text, k]),
        );
        const first = graded.find((one) => one.stage === 'guided');
        if (first)
          expect(first.policyLogProbs![0]).toBeCloseTo(
            own(rows[i]!).find((one) => one.stage === 'guided' && one.k === 0)!.policyLogProbs[0]!,
            5,
          );
      }
    }
  });
});

describe('rows of candidates', () => {
  const good = '{"problem":"1+1","gold":2,"expert":"2","candidates":[]}';
  it('names what is wrong with a row, and the rest go on', async () => {
    const found = await read(
      good,
      '{"problem":',
      '',
      '[]',
      '{"problem":"p","expert":"e","candidates":[]}',
      '{"problem":"p","gold":" ","expert":"e","candidates":[]}',
      '{"problem":"p","gold":"1","expert":null,"candidates":[]}',
      '{"problem":"p","gold":"1","expert":"e","candidates":{}}',
      '{"problem":"p","gold":"1","expert":"e","candidates":[{"stage":"self","response":"1"},{"stage":"third","response":"1"}]}',
      '{"problem":"p","gold":"1","expert":"e","candidates":[{"stage":"self","response":"1","logProbs":[0.5]}]}',
      '{"problem":"p","gold":"1","expert":"e","candidates":[{"stage":"self","response":"1","logProbs":[-1],"samplingLogProbs":[-1,-2]}]}',
      '{"id":"a","problem":"p","gold":"1","expert":"e","candidates":[]}',
      '{"id":"a","problem":"p","gold":"1","expert":"e","candidates":[]}',
      good,
    );
    const said = Object.fromEntries(found.map((line) => [line.line, 'error' in line ? line.error : line.row.id]));
    expect(said).toMatchObject({
      1: 'row-1',
      4: 'a JSON object is needed',
      5: '"gold" is missing',
      6: '"gold" is empty: nothing could be graded',
      7: '"expert" is missing',
      8: expect.stringContaining('"candidates" must be a list'),
      9: 'candidate 2: "stage" must be "self" or "guided"',
      10: expect.stringContaining('candidate 1: "logProbs" must be a list of log-probabilities'),
      11: 'candidate 1: its lists of log-probs differ in length (1 and 2)',
      12: 'a',
      13: 'the id "a" is that of line 12; ids must differ',
      14: 'row-14',
    });
    expect(said[2]).toMatch(/^not valid JSON/);
    expect(3 in said).toBe(false);
  });
});
