import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../policy/random';
import { loadTokenizer } from '../../policy/tokenizer';
import { datasetTask, parseTask, taskJson } from '../dataset';
import { createGrade, goldChecker } from '../graders';
import { sample } from '../grammar/grammar';
import { tokenizerFiles } from '../world';
import { FAMILIES } from './families';
import { lettersTask, lettersWorld } from './index';
import { ownText } from './hands';
import { expertVoice } from './voices';
import { drawInSplit, result, splitOf } from './words';

const at = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const spec = lettersTask();

describe('the letters world', () => {
  it('does to words what its operations say', () => {
    expect(result({ operation: { reverse: true, shift: 1 }, word: ['a', 'z', 'c'] })).toEqual(['d', 'a', 'b']);
    expect(result({ operation: { sort: true }, word: ['b', 'a', 'b'] })).toEqual(['a', 'b', 'b']);
    expect(result({ operation: { last: 2 }, word: ['b', 'a', 'd'] })).toEqual(['a', 'd']);
    expect(result({ operation: { shift: 5 }, word: ['v', 'a'] })).toEqual(['a', 'f']);
  });

  it('has two voices that are both right and share no form', () => {
    const random = createRandom(1, 'letters/test');
    const grade = createGrade(spec.grader);
    for (const family of FAMILIES) {
      for (let i = 0; i < 20; i++) {
        const instance = drawInSplit(family, 'test', random);
        const gold = result(instance).join(' ');
        const [own, expert] = [ownText(instance, random), sample(expertVoice(instance), random)];
        expect(grade(gold, own), own).toMatchObject({ correct: true });
        expect(grade(gold, expert), expert).toMatchObject({ correct: true });
        expect(grade(`${gold} q`, own).correct).toBe(false);
        expect(own).not.toMatch(/result|becomes|turns into/);
        expect(expert).not.toMatch(/First|gives|answer/);
      }
    }
  });

  it('trains its policy on no question of the task', () => {
    const asked = new Set(spec.sets.flatMap((set) => set.rows.map((row) => row.question)));
    for (const corpus of Object.values(lettersWorld.corpora)) {
      let n = 0;
      for (const { prompt, format } of corpus(1)) {
        expect(asked.has(prompt.split('\n')[0]!), prompt).toBe(false);
        expect(format === 'retell').toBe(prompt.includes('Somebody wrote:'));
        if (++n === 5000) break;
      }
    }
    const instance = drawInSplit(FAMILIES[0]!, 'validation', createRandom(1, 'x'));
    expect(splitOf(instance)).toBe('validation');
  });

  it('ships as the file that the script writes, and runs as data', () => {
    expect(at('public/tasks/letters.json')).toBe(taskJson(spec));
    const task = datasetTask(parseTask(at('public/tasks/letters.json')));
    expect(task.problems('train', 1000, 1)).toHaveLength(256);
    expect(task.testSets).toEqual(['easy', 'middle', 'hard', 'longer']);
    const problem = goldChecker(spec.grader);
    for (const row of spec.sets.flatMap((set) => set.rows)) expect(problem(row.gold)).toBeNull();
  });

  it('has a tokenizer in which every letter is one token, trained on this world', () => {
    expect(at('static-models/letters/tokenizer.json')).toBe(tokenizerFiles(lettersWorld)['tokenizer.json']);
    const tokenizer = loadTokenizer(at('static-models/letters/tokenizer.json'), at('static-models/letters/tokenizer_config.json'));
    for (const letter of 'abcdefghijklmnopqrstuvwxyz') expect(tokenizer.encode(` ${letter}`), letter).toHaveLength(1);
  });
});
