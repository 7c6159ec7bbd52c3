/**
 * A byte-level byte-pair encoding trained from a corpus, written in Hugging Face `tokenizer.json` form.
 *
 * Sennrich et al. 2016: the most frequent adjacent pair becomes a token, again and again. Pre-tokens are words with their leading
 * space, single digits, and single other characters; merges never cross them. Deterministic: ties go to the pair that sorts first.
 */

/** A pre-token: a word with its leading space (or backslash), one digit, or one other character. */
export const PRETOKEN = ' ?\\\\?\\p{L}+|\\p{N}|[^\\p{L}\\p{N}]';

/** GPT-2's reversible map from bytes to printable characters, which HF's ByteLevel uses. */
export function byteAlphabet(): string[] {
  const printable = (b: number): boolean => (b >= 33 && b <= 126) || (b >= 161 && b <= 172) || (b >= 174 && b <= 255);
  let extra = 256;
  return Array.from({ length: 256 }, (_, b) => String.fromCodePoint(printable(b) ? b : extra++));
}

export interface BpeOptions {
  /** All tokens: 256 bytes, merges and special tokens. */
  vocabSize: number;
  /** First ids, in order. */
  specialTokens: readonly string[];
}

/**
 * @returns the parsed form of a `tokenizer.json`
 * @throws if vocabSize leaves no room for bytes and special tokens, or the corpus has fewer distinct pairs than merges are wanted
 */
export function trainBpe(corpus: Iterable<string>, { vocabSize, specialTokens }: BpeOptions): Record<string, unknown> {
  if (vocabSize < 256 + specialTokens.length)
    throw new RangeError(
      `a byte-level vocabulary with ${specialTokens.length} special tokens needs at least ${256 + specialTokens.length} entries, got ${vocabSize}`,
    );
  const alphabet = byteAlphabet();
  const encoder = new TextEncoder();
  const pattern = new RegExp(PRETOKEN, 'gu');
  const counts = new Map<string, number>();
  for (const document of corpus) for (const [word] of document.matchAll(pattern)) counts.set(word, (counts.get(word) ?? 0) + 1);
  const words = [...counts].map(([word, count]) => ({ count, symbols: [...encoder.encode(word)].map((b) => alphabet[b]!) }));

  const learned: [string, string][] = [];
  // Two merges may spell the same token, so the vocabulary is counted, not the merges.
  const tokens = new Set([...specialTokens, ...alphabet]);
  while (tokens.size < vocabSize) {
    const pairs = new Map<string, number>();
    for (const { count, symbols } of words) {
      for (let i = 0; i + 1 < symbols.length; i++) {
        const key = `${symbols[i]} ${symbols[i + 1]}`;
        pairs.set(key, (pairs.get(key) ?? 0) + count);
      }
    }
    let best: string | null = null;
    for (const [key, count] of pairs) {
      const top = best === null ? -1 : pairs.get(best)!;
      if (count > top || (count === top && key < best!)) best = key;
    }
    if (best === null)
      throw new RangeError(
        `the corpus gives only ${tokens.size} tokens, ${vocabSize} are wanted: use a larger corpus or a smaller vocabulary`,
      );
    const [left, right] = best.split(' ') as [string, string];
    learned.push([left, right]);
    tokens.add(left + right);
    for (const word of words) {
      const { symbols } = word;
      for (let i = 0; i + 1 < symbols.length; i++) {
        if (symbols[i] === left && symbols[i + 1] === right) symbols.splice(i, 2, left + right);
      }
    }
  }

  const vocab: Record<string, number> = {};
  let id = 0;
  for (const token of tokens) vocab[token] = id++;
  return {
    version: '1.0',
    truncation: null,
    padding: null,
    added_tokens: specialTokens.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: {
      type: 'Sequence',
      pretokenizers: [
        { type: 'Split', pattern: { Regex: PRETOKEN }, behavior: 'Isolated', invert: false },
        { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges: learned.map(([l, r]) => `${l} ${r}`),
    },
  };
}
