/**
 * Turns token ids into the pieces of text that they stand for, to colour texts by token. Loaded after the policy, with the same tokenizer
 * code.
 */
import type { Tokenizer } from '../../policy/types';

export class Pieces {
  ready = $state(false);
  #tokenizer: Tokenizer | null = null;
  #cache = new Map<number, string>();

  /** @param policyUrl folder of the policy, ending in a slash. If loading fails, texts are shown without colours. */
  async load(policyUrl: string): Promise<void> {
    try {
      const fetchText = async (name: string) => {
        const response = await fetch(new URL(name, new URL(policyUrl, document.baseURI)));
        if (!response.ok) throw new Error(`${name}: ${response.status}`);
        return response.text();
      };
      const [{ loadTokenizer }, json, config] = await Promise.all([
        import('../../policy/tokenizer'),
        fetchText('tokenizer.json'),
        fetchText('tokenizer_config.json'),
      ]);
      this.#tokenizer = loadTokenizer(json, config);
      this.#cache.clear();
      this.ready = true;
    } catch {
      this.ready = false;
    }
  }

  /** One piece per token; the end-of-text token is an empty piece. Null until the tokenizer is loaded. */
  of(tokens: Int32Array): string[] | null {
    if (!this.ready || !this.#tokenizer) return null;
    return Array.from(tokens, (id) => this.#piece(id));
  }

  #piece(id: number): string {
    let piece = this.#cache.get(id);
    if (piece === undefined) {
      piece = this.#tokenizer!.decode([id]);
      this.#cache.set(id, piece);
    }
    return piece;
  }
}
