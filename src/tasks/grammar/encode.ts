/** Token ids of a world's own texts, fast: one look-up a pre-token. */
import type { Tokenizer } from '../../policy/types';
import { PRETOKEN } from '../../policy/tokenizer-bpe';

export type Encode = (text: string) => Int32Array;

/**
 * An encoder equal to `tokenizer.encode` on texts without special tokens, for tokenizers whose pre-tokens are `PRETOKEN`'s: merges never
 * cross a pre-token, so ids of pre-tokens can be remembered and joined. For any other tokenizer use its own `encode`.
 */
export function pretokenEncoder(tokenizer: Tokenizer): Encode {
  const known = new Map<string, Int32Array>();
  const pattern = new RegExp(PRETOKEN, 'gu');
  return (text) => {
    const pieces: Int32Array[] = [];
    let length = 0;
    for (const [word] of text.matchAll(pattern)) {
      let ids = known.get(word);
      if (!ids) known.set(word, (ids = tokenizer.encode(word)));
      pieces.push(ids);
      length += ids.length;
    }
    const out = new Int32Array(length);
    let at = 0;
    for (const ids of pieces) {
      out.set(ids, at);
      at += ids.length;
    }
    return out;
  };
}
