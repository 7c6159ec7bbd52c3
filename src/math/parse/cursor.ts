import { ParseError, type Token } from './tokens';

/** Deepest nesting that is read; what nests deeper is refused, long before the stack could overflow. */
export const MAX_DEPTH = 100;

/** A position in the tokens, with the depth of the recursion that stands there. */
export class Cursor {
  at = 0;
  private depth = 0;
  /** How many |…| are open: inside one, the next bar closes. */
  bars = 0;

  constructor(readonly tokens: Token[]) {}

  peek(ahead = 0): Token | undefined {
    return this.tokens[this.at + ahead];
  }

  next(): Token {
    const token = this.tokens[this.at++];
    if (!token) throw new ParseError('the answer ends too early');
    return token;
  }

  is(kind: Token['kind'], text?: string, ahead = 0): boolean {
    const token = this.tokens[this.at + ahead];
    return token !== undefined && token.kind === kind && (text === undefined || token.text === text);
  }

  take(kind: Token['kind'], text?: string): boolean {
    if (!this.is(kind, text)) return false;
    this.at++;
    return true;
  }

  get done(): boolean {
    return this.at >= this.tokens.length;
  }

  nested<T>(body: () => T): T {
    if (++this.depth > MAX_DEPTH) throw new ParseError(`the answer is nested more than ${MAX_DEPTH} deep`);
    try {
      return body();
    } finally {
      this.depth--;
    }
  }

  unexpected(): ParseError {
    const token = this.peek();
    return new ParseError(token ? `"${token.text}" is not expected there` : 'the answer ends too early');
  }
}
