import { describe, expect, it } from 'vitest';
import { parseConfig, PolicyFormatError, writeConfig } from './config';
import { MICRO } from './testing/micro';

const good = writeConfig(MICRO, 0, 0);

function refusal(json: unknown): PolicyFormatError {
  try {
    parseConfig(json);
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyFormatError);
    expect((error as PolicyFormatError).hint).not.toBe('');
    return error as PolicyFormatError;
  }
  return expect.fail(`${JSON.stringify(json)} was accepted`);
}

describe('parseConfig', () => {
  it('reads what writeConfig wrote', () => {
    expect(parseConfig(JSON.parse(JSON.stringify(good)))).toEqual(MICRO);
  });

  it("takes Transformers' defaults for what is left out, and the newer place of RoPE's base", () => {
    const { num_key_value_heads: _kv, head_dim: _hd, rope_theta: _theta, tie_word_embeddings: _tie, ...rest } = good;
    expect(parseConfig(rest)).toMatchObject({ kvHeads: MICRO.heads, headDim: 4, ropeTheta: 10_000, tieEmbeddings: false });
    expect(parseConfig({ ...rest, rope_parameters: { rope_type: 'default', rope_theta: 500 } }).ropeTheta).toBe(500);
  });

  it.each([
    [null, /not a JSON object/],
    [{ ...good, model_type: 'gpt2', architectures: ['GPT2LMHeadModel'] }, /GPT2LMHeadModel.*not supported/],
    [{ ...good, attention_bias: true }, /attention_bias/],
    [{ ...good, hidden_act: 'gelu' }, /gelu/],
    [{ ...good, rope_scaling: { rope_type: 'llama3', factor: 8 } }, /llama3/],
    [{ ...good, hidden_size: undefined }, /hidden_size.*missing/],
    [{ ...good, vocab_size: '512' }, /vocab_size/],
    [{ ...good, num_hidden_layers: -1 }, /num_hidden_layers/],
    [{ ...good, num_key_value_heads: 3 }, /4 attention heads cannot share 3/],
    [{ ...good, head_dim: 5 }, /odd/],
  ])('refuses what it cannot run: %#', (json, message) => {
    expect(refusal(json).message).toMatch(message);
  });
});
