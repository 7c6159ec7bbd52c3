/**
 * Reads a regular expression in JavaScript's syntax (with the u flag). What a set, an escape or a dot matches is left to the platform: each
 * place for one character becomes a native expression over one code point. Look-around and back-references are refused: they are what cannot be
 * matched in linear time.
 */
import { messageOf } from '../../../base/errors';

export type Node =
  /** One code point; `source` is a native expression for it. */
  | { kind: 'one'; source: string }
  | { kind: 'assert'; what: 'start' | 'end' | 'boundary' | 'inside' }
  | { kind: 'sequence'; items: Node[] }
  | { kind: 'choice'; options: Node[] }
  | { kind: 'repeat'; item: Node; min: number; max: number };

/** Deeper nesting than this is refused before it could exhaust the stack. */
const DEEPEST = 100;

/** @throws RangeError saying what is wrong with the pattern, or what of it is not supported. */
export function parsePattern(pattern: string): Node {
  try {
    // Compiling never backtracks; from here on the syntax is known to be right.
    new RegExp(pattern, 'u');
  } catch (error) {
    throw new RangeError(`The pattern is not a regular expression: ${messageOf(error)}.`, {
      cause: error,
    });
  }
  return new Parser(pattern).alternatives(0);
}

class Parser {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  alternatives(depth: number): Node {
    if (depth > DEEPEST) throw new RangeError(`The pattern is nested more than ${DEEPEST} deep.`);
    const options: Node[] = [this.sequence(depth)];
    while (this.text[this.at] === '|') {
      this.at++;
      options.push(this.sequence(depth));
    }
    return options.length === 1 ? options[0]! : { kind: 'choice', options };
  }

  private sequence(depth: number): Node {
    const items: Node[] = [];
    while (this.at < this.text.length && this.text[this.at] !== '|' && this.text[this.at] !== ')') items.push(this.repeated(depth));
    return { kind: 'sequence', items };
  }

  private repeated(depth: number): Node {
    const item = this.atom(depth);
    const rest = this.text.slice(this.at, this.at + 40);
    const match = /^(?:([*+?])|\{(\d+)(?:(,)(\d*))?\})\??/.exec(rest);
    if (!match) return item;
    this.at += match[0].length;
    const [, sign, low, comma, high] = match;
    if (sign) return { kind: 'repeat', item, min: sign === '+' ? 1 : 0, max: sign === '?' ? 1 : Infinity };
    const min = Number(low);
    return { kind: 'repeat', item, min, max: !comma ? min : high ? Number(high) : Infinity };
  }

  private atom(depth: number): Node {
    const c = this.text[this.at]!;
    if (c === '^' || c === '$') {
      this.at++;
      return { kind: 'assert', what: c === '^' ? 'start' : 'end' };
    }
    if (c === '(') return this.group(depth);
    if (c === '[') return this.one(this.classEnd());
    if (c === '\\') return this.escape();
    return this.one(this.at + (this.text.codePointAt(this.at)! > 0xffff ? 2 : 1));
  }

  private group(depth: number): Node {
    const opening = /^\((?:\?(?::|([=!]|<[=!])|<[^>]*>|[a-z-]+:))?/.exec(this.text.slice(this.at, this.at + 100))!;
    if (opening[1] !== undefined) throw new RangeError(`The pattern looks around with “${opening[0]}”, which is not supported here.`);
    if (/^\(\?[a-z-]+:/.test(opening[0])) throw new RangeError('The pattern changes flags inside a group, which is not supported here.');
    this.at += opening[0].length;
    const inner = this.alternatives(depth + 1);
    this.at++; // ')'
    return inner;
  }

  private escape(): Node {
    const match =
      /^\\(?:([bB])|([1-9]\d*|k<[^>]*>)|[pP]\{[^}]*\}|u\{[^}]*\}|u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|u[\da-fA-F]{4}|x[\da-fA-F]{2}|c[a-zA-Z]|.)/su.exec(
        this.text.slice(this.at, this.at + 100),
      )!;
    if (match[2] !== undefined) throw new RangeError(`The pattern refers back with “${match[0]}”, which is not supported here.`);
    if (match[1] === undefined) return this.one(this.at + match[0].length);
    this.at += 2;
    return { kind: 'assert', what: match[1] === 'b' ? 'boundary' : 'inside' };
  }

  private classEnd(): number {
    for (let i = this.at + 1; i < this.text.length; i++) {
      if (this.text[i] === '\\') i++;
      else if (this.text[i] === ']') return i + 1;
    }
    return this.text.length;
  }

  private one(end: number): Node {
    const source = this.text.slice(this.at, end);
    this.at = end;
    return { kind: 'one', source };
  }
}
