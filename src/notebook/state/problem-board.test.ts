import { describe, expect, it } from 'vitest';
import type { Candidate, RewrittenRow } from '../../method/types';
import { ProblemBoard, stageCounts } from './problem-board';

const problems = ['a', 'b', 'c'].map((id) => ({ id, family: 'f', question: id, gold: '1', expert: '', own: '' }));
const candidate = (problemId: string, stage: 'self' | 'guided', k: number, correct: boolean): Candidate => ({
  problemId,
  stage,
  k,
  text: '',
  tokens: new Int32Array(),
  policyLogProbs: new Float32Array(),
  behaviorLogProbs: new Float32Array(),
  finish: 'eos',
  correct,
  verdict: { correct, rule: 'integers equal', status: 'ok', prediction: '1', gold: '1' },
});

describe('ProblemBoard', () => {
  it('counts candidates and settles problems', () => {
    const board = new ProblemBoard(2);
    board.reset(problems);
    board.addCandidate(candidate('a', 'self', 1, true));
    board.addCandidate(candidate('a', 'self', 0, false));
    for (const k of [0, 1]) board.addCandidate(candidate('b', 'self', k, false));
    board.addCandidate(candidate('b', 'guided', 0, true));
    board.addRow({ problemId: 'a', stage: 'self' } as RewrittenRow);
    board.filter(['c']);
    const counts = stageCounts(board.views(), 2);
    expect(counts.self).toEqual({ problems: 2, sampled: 4, correct: 1, accepted: 1 });
    expect(counts.guided).toEqual({ problems: 1, sampled: 1, correct: 1, accepted: 0 });
    expect(counts.fallback.problems).toBe(0);
    expect(board.candidates('a').map((c) => c.k)).toEqual([0, 1]);
    expect(board.latest().map((c) => c.stage)).toEqual(['guided', 'self']);
  });

  it('a candidate drawn again after a resume is counted once', () => {
    const board = new ProblemBoard();
    board.reset(problems);
    board.addCandidate(candidate('a', 'self', 0, false));
    board.addCandidate(candidate('a', 'self', 0, false));
    expect(board.views()[0]!.sampled.self).toBe(1);
  });

  it('ignores problems it does not know', () => {
    const board = new ProblemBoard();
    board.reset(problems);
    board.addCandidate(candidate('zzz', 'self', 0, true));
    expect(board.latest()).toEqual([]);
  });
});
