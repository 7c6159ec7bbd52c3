/** Tokenizers in Hugging Face form (`tokenizer.json`, `tokenizer_config.json`), with their chat template. */
import { Template } from '@huggingface/jinja';
import { Tokenizer as HubTokenizer } from '@huggingface/tokenizers';
import type { ChatMessage, Tokenizer } from './types';

type Json = Record<string, unknown>;

function asObject(value: unknown, file: string): Json {
  let parsed = value;
  if (typeof value === 'string') {
    try {
      parsed = JSON.parse(value);
    } catch (error) {
      throw new Error(`${file} is not JSON: ${(error as Error).message}. Download the file again, whole.`, { cause: error });
    }
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) throw new Error(`${file} must hold a JSON object.`);
  return parsed as Json;
}

/** A special token is written as a string or as {content}. */
function tokenText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'object' && value !== null && typeof (value as Json)['content'] === 'string')
    return (value as Json)['content'] as string;
  return null;
}

/** One template, or the one named 'default' of several. */
function chatTemplate(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (!Array.isArray(value)) return null;
  const named = value as { name?: unknown; template?: unknown }[];
  const found = named.find((t) => t.name === 'default') ?? named[0];
  return typeof found?.template === 'string' ? found.template : null;
}

/**
 * @param tokenizerJson `tokenizer.json`, as text or parsed
 * @param tokenizerConfigJson `tokenizer_config.json`, as text or parsed
 * @throws Error that says which file is wrong, and how: not JSON, no model, a model or pre-tokenizer that is not supported, no EOS token.
 *   `renderChat` throws where the tokenizer has no chat template or the template refuses the messages.
 */
export function loadTokenizer(tokenizerJson: unknown, tokenizerConfigJson: unknown): Tokenizer {
  const json = asObject(tokenizerJson, 'tokenizer.json');
  const config = asObject(tokenizerConfigJson, 'tokenizer_config.json');
  const model = json['model'] as Json | undefined;
  if (typeof model !== 'object' || model === null || model['vocab'] === undefined)
    throw new Error('tokenizer.json has no model with a vocabulary: it is not a Hugging Face fast tokenizer, or it was cut off.');
  if (json['added_tokens'] !== undefined && !Array.isArray(json['added_tokens']))
    throw new Error('tokenizer.json: added_tokens must be a list.');

  let hub: HubTokenizer;
  try {
    // Merges and added tokens may be left out of small files; the library wants them present.
    hub = new HubTokenizer(
      { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null, ...json, added_tokens: json['added_tokens'] ?? [] },
      config,
    );
  } catch (error) {
    throw new Error(`tokenizer.json cannot be used: ${(error as Error).message}`, { cause: error });
  }

  let vocabSize = 0;
  for (const id of hub.get_vocab(true).values()) vocabSize = Math.max(vocabSize, id + 1);
  const special = (key: string): { text: string; id: number } | null => {
    const text = tokenText(config[key]);
    if (text === null) return null;
    const id = hub.token_to_id(text);
    if (id === undefined) throw new Error(`tokenizer_config.json: ${key} is '${text}', which tokenizer.json does not contain.`);
    return { text, id };
  };
  const eos = special('eos_token');
  if (!eos) throw new Error('tokenizer_config.json names no eos_token: a response could never end. Add one.');
  // Llama has no padding token; any token serves, since padding is masked.
  const pad = special('pad_token') ?? eos;
  const bos = special('bos_token');

  const source = chatTemplate(config['chat_template']);
  let template: Template | null = null;
  if (source !== null) {
    try {
      template = new Template(source);
    } catch (error) {
      throw new Error(`tokenizer_config.json: the chat template cannot be parsed: ${(error as Error).message}`, { cause: error });
    }
  }

  return {
    vocabSize,
    eosId: eos.id,
    padId: pad.id,
    encode: (text) => Int32Array.from(hub.encode(text, { add_special_tokens: false }).ids),
    decode: (ids, skipSpecial = true) =>
      ids.length === 0 ? '' : hub.decode(Array.from(ids), { skip_special_tokens: skipSpecial, clean_up_tokenization_spaces: false }),
    renderChat(messages: ChatMessage[], addGenerationPrompt = true) {
      if (!template)
        throw new Error(
          'This tokenizer has no chat template (chat_template in tokenizer_config.json), so it cannot format a conversation.',
        );
      try {
        return template.render({
          messages,
          add_generation_prompt: addGenerationPrompt,
          eos_token: eos.text,
          bos_token: bos?.text ?? '',
          pad_token: pad.text,
        });
      } catch (error) {
        throw new Error(`The chat template refuses these messages: ${(error as Error).message}`, { cause: error });
      }
    },
  };
}
