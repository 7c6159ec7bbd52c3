/** The tokenizer of the built-in world: trained on its own texts, in Hugging Face form. */
import { trainBpe } from '../../policy/tokenizer-bpe';
import { pretrainingTexts } from './pretraining';

export const SPECIAL_TOKENS = ['<|pad|>', '<|end|>', '<|user|>', '<|assistant|>'] as const;
export const VOCAB_SIZE = 512;

/** `<|user|>…<|assistant|>…<|end|>`; a system message is read as one of the user's. */
export const CHAT_TEMPLATE =
  "{% for message in messages %}{% if message['role'] == 'assistant' %}{{ '<|assistant|>' + message['content'] + eos_token }}" +
  "{% else %}{{ '<|user|>' + message['content'] }}{% endif %}{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>' }}{% endif %}";

/** `tokenizer.json` and `tokenizer_config.json` as text. Deterministic: the same for the same corpus size and grammar. */
export function tokenizerFiles(documents = 20_000): Record<'tokenizer.json' | 'tokenizer_config.json', string> {
  function* corpus(): Generator<string> {
    let n = 0;
    for (const { prompt, response } of pretrainingTexts(0)) {
      if (n++ === documents) return;
      yield prompt;
      yield response;
    }
  }
  const tokenizer = trainBpe(corpus(), { vocabSize: VOCAB_SIZE, specialTokens: SPECIAL_TOKENS });
  const config = {
    tokenizer_class: 'PreTrainedTokenizerFast',
    model_max_length: 256,
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
