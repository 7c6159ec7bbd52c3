import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../policy/random';
import { loadTokenizer } from '../../policy/tokenizer';
import { evaluate, format, parse, steps } from './arithmetic';
import { trainBpe } from '../../policy/tokenizer-bpe';
import { pretokenEncoder } from '../grammar/encode';
import { drawInstance, parseInstanceId, splitOf } from './generate';
import { sample, tokenLogProbs, type Node } from '../grammar/grammar';
import { pretrainingExamples as examplesOf, tokenizerFiles as filesOf } from '../world';
import { corruptAnswer, FAMILIES, GAPS, ownSolution, SETS, TEST_SETS, tinymath, tinymathWorld } from './index';
import { pretrainingTexts } from './pretraining';
import { retellMessages } from './prompts';
import { ownText } from './hands';
import { question } from './question';
import { expertVoice } from './voices';

const folder = new URL('../../../static-models/base/', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8');
const tokenizer = loadTokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
const encode = pretokenEncoder(tokenizer);
const task = tinymath(tokenizer);
const take = <T>(n: number, from: Iterator<T>): T[] => Array.from({ length: n }, () => from.next().value as T);

/** Tokens of the longest text that a grammar can produce. */
function longest(node: Node): number {
  if (node.kind === 'terminal') return encode(node.text).length;
  const lengths = (node.kind === 'sequence' ? node.items : node.options).map(longest);
  return node.kind === 'sequence' ? lengths.reduce((a, b) => a + b, 0) : Math.max(...lengths);
}

/** All terminals of a grammar. */
function terminals(node: Node): string[] {
  return node.kind === 'terminal' ? [node.text] : (node.kind === 'sequence' ? node.items : node.options).flatMap(terminals);
}

describe('tokenizer of the world', () => {
  it('is what the script trains: 512 tokens, special ones first', () => {
    expect(tokenizer).toMatchObject({ vocabSize: 512, padId: 0, eosId: 1 });
    const small = filesOf(tinymathWorld, 300);
    expect(filesOf(tinymathWorld, 300)).toEqual(small);
    expect(JSON.parse(small['tokenizer_config.json'])).toEqual(JSON.parse(read('tokenizer_config.json')));
  });

  it('of the bundled policies is what the world’s texts give', () => {
    expect(filesOf(tinymathWorld)['tokenizer.json']).toBe(read('tokenizer.json'));
  });

  it('has nearly every word as one token, and every digit on its own', () => {
    let words = 0;
    let single = 0;
    for (const { prompt, response } of take(500, pretrainingTexts(11)))
      for (const [word] of `${prompt}\n${response}`.matchAll(/ ?\\?\p{L}+/gu)) {
        words++;
        if (tokenizer.encode(word).length === 1) single++;
      }
    expect(single / words).toBeGreaterThan(0.98);
    expect(tokenizer.encode('918*27').length).toBe(6);
  });

  it('round-trips any text', () => {
    for (const t of ['', 'naïve – 東京 🧮\n\t  x', '\\frac{1}{2} <b>', '  7  ']) expect(tokenizer.decode(tokenizer.encode(t))).toBe(t);
  });

  it('renders the chat template', () => {
    const user = { role: 'user' as const, content: 'What is 2+3?' };
    expect(tokenizer.renderChat([user])).toBe('<|user|>What is 2+3?<|assistant|>');
    expect(tokenizer.renderChat([user, { role: 'assistant', content: '5' }], false)).toBe('<|user|>What is 2+3?<|assistant|>5<|end|>');
  });

  it('the trainer is deterministic and refuses impossible sizes', () => {
    const a = trainBpe(['aaab aaab', 'ab'], { vocabSize: 259, specialTokens: ['<e>'] });
    expect(a).toEqual(trainBpe(['aaab aaab', 'ab'], { vocabSize: 259, specialTokens: ['<e>'] }));
    expect((a['model'] as { merges: string[] }).merges[0]).toBe('a a');
    expect(() => trainBpe(['ab'], { vocabSize: 300, specialTokens: [] })).toThrow(/larger corpus or a smaller vocabulary/);
    expect(() => trainBpe(['ab'], { vocabSize: 256, specialTokens: ['<e>'] })).toThrow(/at least 257/);
  });
});

describe('pieces', () => {
  it('tokenise on their own as they do in the whole text, prompt and answer included', () => {
    const texts = pretrainingTexts(3);
    const examples = examplesOf(pretrainingTexts(3), tokenizer);
    for (let i = 0; i < 300; i++) {
      const { prompt, response } = texts.next().value!;
      const example = examples.next().value;
      const whole = tokenizer.renderChat([{ role: 'user', content: prompt }]) + response + '<|end|>';
      expect([...example.prompt, ...example.response]).toEqual([...tokenizer.encode(whole)]);
      expect(tokenizer.decode(example.response)).toBe(response);
    }
  });

  it('begin at a pre-token boundary in the expert’s voice', () => {
    const random = createRandom(4, 'test');
    for (const f of FAMILIES)
      for (let i = 0; i < 5; i++) {
        const { expression } = drawInstance(f, random);
        for (const grammar of GAPS.map((gap) => expertVoice(expression, gap))) {
          const t = sample(grammar, random);
          expect(Number.isFinite(tokenLogProbs(grammar, [...tokenizer.encode(t), 1], encode, 1).reduce((a, b) => a + b, 0))).toBe(true);
          for (const piece of terminals(grammar)) expect([...encode(piece)]).toEqual([...tokenizer.encode(piece)]);
        }
      }
  });
});

describe('problems', () => {
  const sets = SETS.map(({ id }) => ({ id, problems: task.problems(id, id === 'train' ? 256 : 64, 1) }));

  it('are the same for the same seed, and a prefix of a longer request', () => {
    expect(task.problems('train', 40, 1)).toEqual(sets[0]!.problems.slice(0, 40));
    expect(task.problems('train', 40, 2)).not.toEqual(sets[0]!.problems.slice(0, 40));
    expect(() => task.problems('nope', 1, 1)).toThrow(/unknown problem set 'nope'; known: train/);
  });

  it('have gold answers that follow from the id, integers everywhere', () => {
    for (const { problems } of sets)
      for (const p of problems) {
        const { expression } = parseInstanceId(p.id);
        expect(String(evaluate(expression))).toBe(p.gold);
        for (const s of steps(expression)) expect(Number.isInteger(s.value) && s.value >= 1).toBe(true);
        if (p.family !== 'large-3') for (const s of steps(expression)) expect(s.value).toBeLessThanOrEqual(999);
      }
  });

  it('do not repeat within a set, nor across splits', () => {
    const owner = new Map<string, string>();
    for (const { id, problems } of sets) {
      const keys = problems.map((p) => p.id.split('~')[1]!);
      expect(new Set(keys).size).toBe(keys.length);
      for (const key of keys) {
        expect(splitOf(parse(key))).toBe(id === 'train' || id === 'validation' ? id : 'test');
        if (id === 'train' || id === 'validation') expect(owner.has(key)).toBe(false);
        owner.set(key, id);
      }
    }
    // The shares are the table's, and what the stream asks (read back from its expressions) is of the fourth split.
    const counts = { pretrain: 0, train: 0, validation: 0, test: 0 };
    const random = createRandom(9, 'test');
    for (let i = 0; i < 4000; i++) counts[splitOf(drawInstance(FAMILIES[i % FAMILIES.length]!, random).expression)]++;
    expect(counts.pretrain / 4000).toBeCloseTo(0.7, 1);
    expect(counts.test / 4000).toBeCloseTo(0.1, 1);
    for (const { prompt } of take(400, pretrainingTexts(5))) {
      const asked = /^(?:Compute|What is|Find the value of) ([\d+\-*/()]+)[.?]/.exec(prompt);
      if (asked) expect(splitOf(parse(asked[1]!))).toBe('pretrain');
    }
  });

  it('of the longer and combined sets are never pre-trained on, nor trained on', () => {
    for (const f of FAMILIES) if (f.test === 'longer' || f.test === 'combined') expect([f.pretrain, f.retell, f.train]).toEqual([0, 0, 0]);
    expect(
      Math.max(
        ...FAMILIES.filter((f) => f.train + f.pretrain > 0).map((f) => steps(drawInstance(f, createRandom(1, 'n')).expression).length),
      ),
    ).toBe(5);
    expect(TEST_SETS).toEqual(['easy', 'middle', 'hard', 'longer', 'combined']);
  });

  it('refuse ids that are not theirs', () => {
    for (const id of ['', 'x~1+2~3', 'add-1~1+~3', 'add-1~12~3', 'add-1~1+2'])
      expect(() => task.demonstration({ id, family: 'add-1', question: '', gold: '3' })).toThrow(/unknown problem family|not a/);
  });
});

describe('voices', () => {
  it('give the right answer at every gap, and every prompt leaves room for 128 tokens, whatever the choices', () => {
    const random = createRandom(6, 'test');
    for (const f of FAMILIES) {
      let own = 0;
      let expert = 0;
      for (let i = 0; i < 60; i++) {
        const instance = drawInstance(f, random);
        const asked = question(instance);
        const gold = String(evaluate(instance.expression));
        const clean = ownText(instance.expression, random);
        expect(task.grade({ id: '', family: '', question: '', gold }, clean).correct).toBe(true);
        own += encode(clean).length;
        for (const gap of GAPS) {
          const grammar = expertVoice(instance.expression, gap);
          const text = sample(grammar, random);
          expect(task.grade({ id: '', family: '', question: '', gold }, text).correct).toBe(true);
          expect(text).toContain(`\\boxed{${gold}}`);
          if (gap === 'large') expert += encode(text).length;
          const frame = encode(retellMessages(asked, '')[0]!.content).length + 3;
          expect(frame + longest(grammar) + 128, `${f.id}, ${gap}`).toBeLessThanOrEqual(tinymathWorld.maxLength);
        }
      }
      expect(expert / own, `${f.id}: expert's length against own`).toBeGreaterThanOrEqual(0.9);
    }
  });

  it('own voice writes each operation by itself, the expert merges them', () => {
    const problem = task.problems('hard', 1, 1)[0]!;
    const list = steps(parseInstanceId(problem.id).expression);
    const own = ownSolution(problem, 1);
    for (const s of list) expect(own).toContain(`${s.left}${s.op}${s.right}=${s.value}.`);
    expect((task.demonstration(problem).text.match(/=|as the value of/g) ?? []).length).toBeLessThan(list.length);
  });

  it('the expert shows the value of a long product wherever it can, and never in a difference of two', () => {
    const random = createRandom(8, 'test');
    for (const f of FAMILIES.filter(({ id }) => id.startsWith('long-product') || id === 'two-products'))
      for (let i = 0; i < 40; i++) {
        const { expression } = drawInstance(f, random);
        const t = sample(expertVoice(expression), random);
        for (const s of steps(expression).filter((x) => x.op === '*'))
          expect(new RegExp(`=${s.value}\\.| ${s.value} as the value`).test(t), `${format(expression)}: ${t}`).toBe(
            f.id !== 'two-products' || s.value === evaluate(expression),
          );
      }
  });

  it('demonstrations repeat, and their log μ is finite and sums over EOS', () => {
    for (const p of task.problems('train', 30, 1)) {
      const d = task.demonstration(p);
      expect(task.demonstration(p)).toEqual(d);
      expect(d.logProbs).toHaveLength(tokenizer.encode(d.text).length + 1);
      expect(d.logProbs!.every((x) => Number.isFinite(x) && x <= 0)).toBe(true);
      expect(Math.min(...d.logProbs!)).toBeLessThan(-0.5);
    }
  });

  it('a corrupted answer is wrong, and the text agrees with itself', () => {
    for (const p of task.problems('train', 60, 1)) {
      const { text } = task.demonstration(p);
      const bad = corruptAnswer(p, text);
      expect(bad.answer).not.toBe(p.gold);
      expect(Number(bad.answer)).toBeGreaterThan(0);
      expect(task.grade(p, bad.text)).toMatchObject({ correct: false, status: 'ok', prediction: bad.answer });
      expect(bad.text).toMatch(new RegExp(`=${bad.answer}\\.| ${bad.answer} as the value of`));
    }
    expect(() => corruptAnswer(task.problems('train', 1, 1)[0]!, 'nothing')).toThrow(/does not give the answer/);
  });
});

describe('pre-training stream', () => {
  it('repeats for a seed and mixes formats as the table says', () => {
    const a = take(2000, examplesOf(pretrainingTexts(1), tokenizer));
    expect(take(20, examplesOf(pretrainingTexts(1), tokenizer))).toEqual(a.slice(0, 20));
    expect(take(20, examplesOf(pretrainingTexts(2), tokenizer))).not.toEqual(a.slice(0, 20));
    const share = (format: string): number => a.filter((e) => e.format === format).length / a.length;
    expect(share('retell')).toBeCloseTo(0.2, 1);
    expect(share('expert')).toBeGreaterThan(0.05);
    for (const e of a) {
      expect(e.prompt.length + e.response.length).toBeLessThanOrEqual(tinymathWorld.maxLength);
      expect(e.response[e.response.length - 1]).toBe(tokenizer.eosId);
      expect(e.format === 'retell' && ['two-products', 'large-3'].includes(e.family)).toBe(false);
    }
  });
});
