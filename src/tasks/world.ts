/** A world that policies are trained on from scratch: endless seeded streams of texts, and the phases that make each policy (`gap pretrain`). */
import type { Tokenizer } from '../policy/types';
import { trainBpe } from '../policy/tokenizer-bpe';
import { pretokenEncoder } from './grammar/encode';

export interface WorldText {
  /** Content of the one user message. */
  prompt: string;
  response: string;
  family: string;
  format: 'own' | 'expert' | 'retell';
}

/** Some optimizer steps on one corpus. */
export interface Phase {
  /** One of the world's corpora. */
  corpus: string;
  steps: number;
  /** Peak; reached after `warmup` steps. */
  learningRate: number;
  warmup: number;
  /** 'constant' where another phase goes on from here; 'cosine' falls to zero. */
  schedule: 'constant' | 'cosine';
}

export interface PolicySize {
  layers: number;
  hidden: number;
  headDim: number;
}

export const DEFAULT_SIZE: PolicySize = { layers: 5, hidden: 128, headDim: 32 };

/** How a policy is made from nothing. Policies whose first phases are the same share them. */
export interface PolicyRecipe {
  /** Also the folder's name under static-models. */
  name: string;
  /** One sentence, for a list and the model card. */
  description: string;
  /** Where it is not of `DEFAULT_SIZE`. */
  size?: PolicySize;
  /** Micro-batches a step, where it is not two. */
  microBatches?: number;
  phases: readonly Phase[];
}

export interface World {
  id: string;
  /** All tokens: 256 bytes, merges and special tokens. */
  vocabSize: number;
  /** Context of its policies, in tokens. */
  maxLength: number;
  /** What its texts hold, for the model card. */
  about: string;
  /** By name: the same texts for the same seed, without end. */
  corpora: Readonly<Record<string, (seed: number) => Iterable<WorldText>>>;
  /** What the tokenizer is trained on: all corpora. */
  texts(seed: number): Iterable<WorldText>;
  policies: readonly PolicyRecipe[];
}

export interface PretrainingExample {
  prompt: Int32Array;
  /** EOS included. */
  response: Int32Array;
  family: string;
  format: WorldText['format'];
}

/** A world's texts as token ids under the tokenizer's chat template. */
export function* pretrainingExamples(texts: Iterable<WorldText>, tokenizer: Tokenizer): Generator<PretrainingExample, never, void> {
  const encode = pretokenEncoder(tokenizer);
  // The template is rendered once around a marker: what surrounds a single user message does not depend on its content.
  const marker = 'content';
  const [before, after] = tokenizer.renderChat([{ role: 'user', content: marker }]).split(marker) as [string, string];
  const [head, tail] = [tokenizer.encode(before), tokenizer.encode(after)];
  for (const { prompt, response, family, format } of texts) {
    const answer = encode(response);
    const full = new Int32Array(answer.length + 1);
    full.set(answer);
    full[answer.length] = tokenizer.eosId;
    yield { prompt: Int32Array.of(...head, ...encode(prompt), ...tail), response: full, family, format };
  }
  throw new Error('the texts of the world end');
}

export const SPECIAL_TOKENS = ['<|pad|>', '<|end|>', '<|user|>', '<|assistant|>'] as const;

/** `<|user|>…<|assistant|>…<|end|>`; a system message is read as one of the user's. */
export const CHAT_TEMPLATE =
  "{% for message in messages %}{% if message['role'] == 'assistant' %}{{ '<|assistant|>' + message['content'] + eos_token }}" +
  "{% else %}{{ '<|user|>' + message['content'] }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

/** `tokenizer.json` and `tokenizer_config.json` as text, trained on the world's own texts. Deterministic. */
export function tokenizerFiles(world: World, documents = 20_000): Record<'tokenizer.json' | 'tokenizer_config.json', string> {
  function* corpus(): Generator<string> {
    let n = 0;
    for (const { prompt, response } of world.texts(0)) {
      if (n++ === documents) return;
      yield prompt;
      yield response;
    }
  }
  const tokenizer = trainBpe(corpus(), { vocabSize: world.vocabSize, specialTokens: SPECIAL_TOKENS });
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: world.maxLength,
    clean_up_tokenization_spaces: false,
    add_bos_token: false,
    bos_token: null,
    eos_token: '<|end|>',
    pad_token: '<|pad|>',
    unk_token: null,
    chat_template: CHAT_TEMPLATE,
  };
  return { 'tokenizer.json': JSON.stringify(tokenizer, null, 1) + '\n', 'tokenizer_config.json': JSON.stringify(config, null, 2) + '\n' };
}
