import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, truncateSync, writeFileSync, appendFileSync, copyFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFIG, gap, temporaryFolder, writePolicy } from './testing/harness';

let dir: string;
let policy: string;
const file = (name: string, ...rows: (object | string)[]): string => {
  const path = join(dir, name);
  writeFileSync(path, rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)) + '\n').join(''));
  return path;
};

beforeAll(() => {
  dir = temporaryFolder();
  policy = writePolicy(join(dir, 'policy'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** Exit code 2 and one line that says what is wrong. */
async function refused(args: string[], message: string | RegExp): Promise<void> {
  const { code, stdout, stderr } = await gap(...args);
  expect(stderr).toMatch(message);
  expect(stderr.trim()).not.toContain('\n');
  expect(stdout).toBe('');
  expect(code).toBe(2);
}

describe('gap', () => {
  it('has help for each command, without loading a policy', async () => {
    const { code, stdout } = await gap('--help');
    expect(code).toBe(0);
    for (const command of ['train', 'evaluate', 'score', 'rewrite', 'reproduce']) {
      expect(stdout).toContain(command);
      const help = await gap(command, '--help');
      expect(help.code).toBe(0);
      expect(help.stdout).toMatch(/--policy <dir>/);
    }
  });

  it('refuses unknown commands and options, and values out of range', async () => {
    await refused(['scroe'], /unknown command 'scroe'/);
    await refused(['score', '--data', 'x', '--date', 'x'], /unknown option '--date'/);
    await refused(['score', '--policy', policy], /required option '--data <file>'/);
    await refused(
      ['evaluate', '--policy', policy, '--runs', '0'],
      /'--runs <n>' argument '0' is invalid. It must be a whole number from 1/,
    );
    await refused(['evaluate', '--policy', policy, '--temperature', 'hot'], /must be a number from 0\./);
    await refused(['rewrite', '--policy', policy, '--top-p', '1.5'], /must be a number above 0 and up to 1\./);
    await refused(['rewrite', '--policy', policy, '--k', '2.5'], /whole number from 1 up to 1024/);
    await refused(['reproduce', '--out', dir, '--preset', 'huge'], /Allowed choices are tiny, quick, paper/);
    await refused(['evaluate', '--policy', policy, '--split', 'tset'], /no split "tset"\. Splits: test \(easy/);
    await refused(['rewrite', '--policy', policy, '--set', 'x'], /no split "x"/);
  });

  it('says what is wrong with a policy folder', async () => {
    const data = file('one.jsonl', { ids: [1, 2], from: 1 });
    await refused(['score', '--policy', join(dir, 'nowhere'), '--data', data], /no policy folder .*nowhere/);
    const broken = join(dir, 'broken');
    mkdirSync(broken);
    for (const name of readdirSync(policy)) copyFileSync(join(policy, name), join(broken, name));
    truncateSync(join(broken, 'model.safetensors'), 2000);
    await refused(['score', '--policy', broken, '--data', data], /broken: .*(cut|truncated|short)/i);
    rmSync(join(broken, 'model.safetensors'));
    await refused(['score', '--policy', broken, '--data', data], /has no model\.safetensors/);
  });

  it('exits with its code as a process of its own', () => {
    const finished = spawnSync('npx', ['tsx', 'src/cli/main.ts', 'score', '--policy', policy, '--data', 'missing.jsonl'], {
      encoding: 'utf8',
    });
    expect(finished.status).toBe(2);
    expect(finished.stderr).toContain('error: There is no file missing.jsonl.');
  }, 30_000);
});

describe('gap score', () => {
  it('scores ids and texts', async () => {
    const text = { prompt: 'Compute 3+4.', completion: 'The answer is 7.' };
    const data = file('score.jsonl', { ids: [5, 9, 2], from: 1 }, '', text);
    const { code, json } = await gap('score', '--policy', policy, '--data', data);
    expect(code).toBe(0);
    const [ids, own] = json as { tokens: number[]; logProbs: number[]; sum: number }[];
    expect(ids!.tokens).toEqual([9, 2]);
    // Untrained: close to uniform over the vocabulary.
    for (const logProb of ids!.logProbs) expect(logProb).toBeCloseTo(-Math.log(CONFIG.vocabSize), 0);
    expect(own!.sum).toBeCloseTo(
      own!.logProbs.reduce((a, b) => a + b),
      5,
    );
    expect(own!.logProbs).toHaveLength(own!.tokens.length);

    const without = (await gap('score', '--policy', policy, '--data', file('no-eos.jsonl', text), '--no-eos')).json as (typeof own)[];
    expect(without[0]!.tokens).toEqual(own!.tokens.slice(0, -1));
    expect(without[0]!.logProbs[0]).toBeCloseTo(own!.logProbs[0]!, 5);
  });

  it('names the line of a malformed row', async () => {
    const good = { ids: [1, 2], from: 1 };
    const score = (...rows: (object | string)[]) => ['score', '--policy', policy, '--data', file('bad.jsonl', ...rows)];
    await refused(score(good, '{"ids":[1,'), /bad\.jsonl, line 2: not valid JSON/);
    await refused(score(good, '', '[1]'), /line 3: a JSON object is needed/);
    await refused(score({ ids: [1, 512], from: 1 }), /line 1: "ids" must be a list of token ids from 0 to 511/);
    await refused(score({ ids: [1, 2], from: 2 }), /line 1: "from" must be a whole number from 1 to 1/);
    await refused(score({ prompt: 'x' }), /line 1: a row needs/);
    await refused(score({ prompt: '', completion: 'x' }), /"prompt" is empty/);
    await refused(score({ ids: Array.from({ length: 300 }, () => 1), from: 1 }), /300 tokens, but the policy's context is 256/);
    await refused(score('  '), /holds no rows/);
    writeFileSync(join(dir, 'latin1.jsonl'), Buffer.from([0x7b, 0xe9, 0x7d]));
    await refused(['score', '--policy', policy, '--data', join(dir, 'latin1.jsonl')], /not UTF-8/);
    await refused(['score', '--policy', policy, '--data', dir], /is a folder; a file is needed/);
  });
});

describe('gap rewrite --candidates', () => {
  const rows = [
    {
      problem: 'Half of one?',
      gold: '1/2',
      expert: '\\boxed{1/2}',
      candidates: [
        { stage: 'self', response: '\\boxed{2}' },
        { stage: 'guided', response: '\\boxed{0.5}', logProbs: [-1, -0.5] },
      ],
    },
    '{"problem":',
    { id: 'b', problem: '1+1', gold: 2, expert: '2', candidates: [{ stage: 'self', response: 'The answer is 2.' }] },
    { id: 'c', problem: '1+2', gold: '3', expert: 'It is 3.', candidates: [] },
  ];

  it('grades and decides without a policy, names malformed rows and goes on', async () => {
    const data = file('candidates.jsonl', ...rows);
    const { code, json, stderr } = await gap('rewrite', '--policy', 'nowhere', '--candidates', data, '--seed', '3');
    expect(code).toBe(0);
    expect(json).toMatchObject([
      {
        id: 'row-1',
        stage: 'guided',
        prompt: null,
        completion: '\\boxed{0.5}',
        candidates: [{ correct: false }, { correct: true, logProbs: [-1, -0.5] }],
      },
      { id: 'b', gold: '2', stage: 'self', candidates: [{ stage: 'self', correct: true, logProbs: null, samplingLogProbs: null }] },
      { id: 'c', stage: 'fallback', completion: 'It is 3.', candidates: [] },
    ]);
    expect(stderr).toMatch(/candidates\.jsonl, line 2: not valid JSON/);
    expect(stderr).toContain('3 problems, 3 candidates graded by mathematics: self 1, guided 1, fallback 1; 1 malformed row left out');
  });

  it('takes another grader, and the format from the file’s name', async () => {
    const data = file('candidates2.jsonl', ...rows);
    const out = join(dir, 'decided.csv');
    const { code, stderr } = await gap('rewrite', '--candidates', data, '--grader', 'exact', '--out', out);
    expect([code, stderr]).toEqual([0, expect.stringContaining('graded by exact: self 1, guided 0, fallback 2')]);
    expect(readFileSync(out, 'utf8')).toMatch(/^id,messages,.*\r\nrow-1,"\[\{""role"":""user""/);
    const parquet = join(dir, 'decided.parquet');
    await gap('rewrite', '--candidates', data, '--out', parquet);
    expect(readFileSync(parquet).subarray(0, 4).toString()).toBe('PAR1');
    await refused(['rewrite', '--candidates', data, '--grader', 'kind'], /no grader “kind”/);
    await refused(['rewrite', '--candidates', data, '--grader-option', 'x'], /must look like name=value/);
    await refused(['rewrite', '--candidates', data, '--layout', 'problems', '--out', out], /written as JSONL, not csv/);
    await refused(['rewrite', '--candidates', join(dir, 'nothing.jsonl')], /no file/);
  });
});

describe('gap rewrite and train', () => {
  it('writes one line a problem, the same for the same seed, and trains on it', async () => {
    const out = join(dir, 'rewritten.jsonl');
    const args = ['rewrite', '--policy', policy, '--k', '2', '--problems', '6', '--max-new-tokens', '12', '--out', out];
    expect(await gap(...args)).toMatchObject({ code: 0, stdout: '' });
    const text = readFileSync(out, 'utf8');
    const rows = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown> & { candidates: Record<string, unknown>[] });
    expect(rows).toHaveLength(6);
    for (const row of rows) {
      expect(Object.keys(row)).toEqual(['id', 'problem', 'gold', 'stage', 'prompt', 'completion', 'expert', 'candidates']);
      expect(row['prompt']).toContain(row['problem']);
      if (row['stage'] === 'fallback') expect(row['completion']).toBe(row['expert']);
      expect(row.candidates.map((c) => c['stage'])).toEqual(['self', 'self', 'guided', 'guided'].slice(0, row.candidates.length));
      expect(Object.keys(row.candidates[0]!)).toEqual(['stage', 'text', 'correct', 'logProbs', 'samplingLogProbs']);
    }
    const printed = await gap(...args.slice(0, -2));
    expect(printed.stdout).toBe(text);

    const trained = join(dir, 'trained');
    const train = [
      'train',
      '--policy',
      policy,
      '--data',
      out,
      '--objective',
      'sft',
      '--out',
      trained,
      '--lr',
      '0.01',
      '--batch',
      '3',
      '--epochs',
      '3',
    ];
    const { code, json, stderr } = await gap(...train);
    expect(stderr).toContain('6 examples, 6 steps, learning rate 0.01');
    expect(code).toBe(0);
    const metrics = json as { step: number; nll: number; essRatio: number }[];
    expect(metrics.map((m) => m.step)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(metrics[5]!.nll).toBeLessThan(metrics[0]!.nll);
    expect(metrics[0]!.essRatio).toBeCloseTo(1, 5);
    // The folder that was written is a policy, and a better one on this data.
    const score = async (dir: string) =>
      ((await gap('score', '--policy', dir, '--data', out)).json as { sum: number }[]).reduce((total, { sum }) => total + sum, 0);
    expect(await score(trained)).toBeGreaterThan(await score(policy));
  });

  it('reads chats, and says what is wrong with others', async () => {
    const chat = {
      messages: [
        { role: 'user', content: 'Compute 3+4.' },
        { role: 'assistant', content: 'The answer is 7.' },
      ],
    };
    const train = (data: string, ...more: string[]) => ['train', '--policy', policy, '--data', data, '--out', join(dir, 'chat'), ...more];
    const done = await gap(...train(file('chat.jsonl', chat), '--epochs', '1'));
    expect(done.code).toBe(0);
    await refused(train(file('a.jsonl', { messages: chat.messages.slice(0, 1) })), /line 1: "messages" must end with the assistant/);
    await refused(train(file('b.jsonl', chat, { text: 'x' })), /line 2: a row needs/);
    await refused(train(file('c.jsonl', chat), '--objective', 'dpo'), /There is no objective "dpo"\. Known objectives: sft, dft/);
    await refused(train(file('c.jsonl', chat), '--param', 'alpha=1'), /has no parameter "alpha"/);
    await refused(train(file('c.jsonl', chat), '--param', 'alpha'), /must look like name=0\.5/);
    await refused(train(file('c.jsonl', chat), '--max-length', '3'), /every row is longer than 3 tokens/);
    await refused(['train', '--policy', policy, '--data', file('c.jsonl', chat), '--out', `${policy}/.`], /choose another folder/);
  });
});

describe('gap evaluate', () => {
  it('prints the stated form', async () => {
    const { code, json } = await gap('evaluate', '--policy', policy, '--problems', '2', '--runs', '1', '--max-new-tokens', '6');
    expect(code).toBe(0);
    const [result] = json as { sets: Record<string, object>; average: number }[];
    expect(Object.keys(result!.sets)).toEqual(['easy', 'middle', 'hard', 'longer', 'combined']);
    expect(result!.sets['easy']).toEqual({ accuracy: 0, ci95: [0, 0], problems: 2, runs: 1 });
    expect(result!.average).toBe(0);
    const validation = await gap(
      'evaluate',
      '--policy',
      policy,
      '--split',
      'validation',
      '--problems',
      '2',
      '--runs',
      '1',
      '--max-new-tokens',
      '6',
    );
    expect(Object.keys((validation.json[0] as { sets: object }).sets)).toEqual(['validation']);
  });
});

describe('gap reproduce', () => {
  it('runs whole, continues what was stopped, and gives the same results', async () => {
    const out = join(dir, 'run');
    const first = await gap('reproduce', '--policy', policy, '--preset', 'tiny', '--seed', '1', '--out', out);
    expect(first.stderr).toContain('done in');
    expect(first.code).toBe(0);
    const read = (folder: string) => JSON.parse(readFileSync(join(folder, 'results.json'), 'utf8')) as Record<string, unknown>;
    const results = read(out);
    expect(results['stages']).toEqual({ self: 0, guided: 0, fallback: 12 });
    expect(Object.keys(results['arms'] as object)).toEqual(['base', 'sft', 'dft', 'dr+sft', 'dr+dft']);
    expect(results).toMatchObject({
      logProbs: { fallback: { expert: { sum: expect.any(Number), perToken: expect.any(Number) } }, self: { expert: { sum: null } } },
    });
    expect(readFileSync(join(out, 'rewritten.jsonl'), 'utf8').trim().split('\n')).toHaveLength(12);

    // As if stopped while the second arm was being evaluated and, earlier, in the middle of a line of the rewriting's log.
    const stopped = join(dir, 'stopped');
    mkdirSync(join(stopped, 'arms'), { recursive: true });
    for (const name of ['plan.json', 'rewriting.jsonl', ...readdirSync(join(out, 'arms')).map((name) => `arms/${name}`)]) {
      if (!name.includes('dr+')) copyFileSync(join(out, name), join(stopped, name));
    }
    appendFileSync(join(stopped, 'rewriting.jsonl'), '{"candidates":[{"prob');
    const second = await gap('reproduce', '--policy', policy, '--preset', 'tiny', '--seed', '1', '--out', stopped);
    expect(second.code).toBe(0);
    const same = ({ finished: _f, seconds: _s, ...rest }: Record<string, unknown>) => rest;
    expect(same(read(stopped))).toEqual(same(results));
    expect(readFileSync(join(stopped, 'rewritten.jsonl'), 'utf8')).toBe(readFileSync(join(out, 'rewritten.jsonl'), 'utf8'));

    await refused(
      ['reproduce', '--policy', policy, '--preset', 'tiny', '--seed', '2', '--out', out],
      /holds a run with another plan or policy/,
    );
  }, 120_000);
});
