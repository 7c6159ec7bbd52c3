/**
 * Cuts a JSON document, as its text comes in, into the values that may be rows: the elements of an array, or of the arrays that are
 * members of the top-level object. Values are cut by brackets and quotes alone and parsed one by one, so that a broken one costs itself
 * only: after it the scan goes on at the next line that begins with "{".
 */
import { MAX_ROW } from './types';

export type Piece =
  /** An element of the array `key`, '' for a top-level array. */
  | { kind: 'element'; key: string; text: string; line: number }
  /** A member of the top-level object that is not an array. */
  | { kind: 'member'; key: string; text: string; line: number }
  | { kind: 'broken'; text: string; line: number; reason: string };

type State = 'start' | 'object' | 'key' | 'colon' | 'value' | 'array' | 'capture' | 'resync' | 'end';

const [QUOTE, BACKSLASH, NEWLINE, COMMA, COLON] = [34, 92, 10, 44, 58];
const [OPEN_BRACKET, CLOSE_BRACKET, OPEN_BRACE, CLOSE_BRACE] = [91, 93, 123, 125];
const isSpace = (c: number): boolean => c === 32 || c === 10 || c === 13 || c === 9 || c === 0xfeff;

function unescaped(key: string): string {
  try {
    return JSON.parse(`"${key}"`) as string;
  } catch {
    return key;
  }
}

export class JsonScanner {
  line = 1;
  #state: State = 'start';
  /** What closes the root: an array's elements go on after each, an object's members. */
  #root: 'array' | 'object' = 'array';
  #key = '';
  #parts: string[] = [];
  #length = 0;
  #startLine = 1;
  #inString = false;
  #escaped = false;
  /** Open brackets of the value being captured. */
  #stack: number[] = [];
  /** The captured value is a member of the root object rather than an element. */
  #member = false;
  /** While looking for the next value: nothing but blanks and commas on this line so far. */
  #lineIsBlank = true;

  /** Whether the document ended as it should. */
  get complete(): boolean {
    return this.#state === 'end';
  }

  /** Scans more text. @throws Error for a document that is no array or object, or goes on after its end. */
  *write(text: string): Generator<Piece, void, void> {
    let from = 0;
    for (let i = 0; i < text.length; i++) {
      const c = text.charCodeAt(i);
      if (this.#state === 'capture') {
        const end = this.#captured(c);
        if (end === 'more') {
          if (c === NEWLINE) this.line++;
          continue;
        }
        this.#hold(text.slice(from, end === 'after' ? i + 1 : i));
        if (typeof end === 'object') yield* this.#fail(end.reason, c === NEWLINE);
        else yield this.#finish();
        from = i + 1;
        // What ended a bare number is looked at again.
        if (end === 'before') {
          i--;
          continue;
        }
      } else {
        this.#outside(c);
        from = i + 1;
        // The first character of a value opens it, and is looked at again as a part of it.
        if (this.#isCapturing()) {
          from = i--;
          continue;
        }
      }
      if (c === NEWLINE) this.line++;
    }
    if (this.#state === 'capture') {
      this.#hold(text.slice(from));
      if (this.#length > MAX_ROW) yield* this.#fail(`longer than ${MAX_ROW >> 20} million characters`, false);
    }
  }

  /** After the last text: what was left open. */
  *close(): Generator<Piece, void, void> {
    if (this.#state === 'capture') {
      const reason = this.#inString ? 'a text that is not closed' : 'a bracket that is not closed';
      yield { kind: 'broken', text: this.#parts.join(''), line: this.#startLine, reason };
    }
  }

  #isCapturing(): boolean {
    return this.#state === 'capture';
  }

  #hold(text: string): void {
    if (this.#length <= MAX_ROW) this.#parts.push(text);
    this.#length += text.length;
  }

  #open(member: boolean): void {
    this.#state = 'capture';
    this.#member = member;
    this.#parts = [];
    this.#length = 0;
    this.#stack = [];
    this.#inString = this.#escaped = false;
    this.#startLine = this.line;
  }

  #finish(): Piece {
    const piece: Piece = { kind: this.#member ? 'member' : 'element', key: this.#key, text: this.#parts.join(''), line: this.#startLine };
    this.#state = this.#member ? 'object' : 'array';
    this.#parts = [];
    return piece;
  }

  *#fail(reason: string, atLineEnd: boolean): Generator<Piece, void, void> {
    yield { kind: 'broken', text: this.#parts.join(''), line: this.#startLine, reason };
    this.#parts = [];
    this.#length = 0;
    this.#state = 'resync';
    this.#lineIsBlank = atLineEnd;
  }

  /** One character inside a value: whether the value goes on, ends with it, ended before it, or is broken. */
  #captured(c: number): 'more' | 'after' | 'before' | { reason: string } {
    if (this.#inString) {
      if (c === NEWLINE) return { reason: 'a text that is not closed on its line' };
      if (this.#escaped) this.#escaped = false;
      else if (c === BACKSLASH) this.#escaped = true;
      else if (c === QUOTE) {
        this.#inString = false;
        return this.#stack.length === 0 ? 'after' : 'more';
      }
      return 'more';
    }
    if (c === QUOTE) this.#inString = true;
    else if (c === OPEN_BRACE || c === OPEN_BRACKET) this.#stack.push(c);
    else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) {
      if (this.#stack.length === 0) return 'before';
      if (this.#stack.pop() !== (c === CLOSE_BRACE ? OPEN_BRACE : OPEN_BRACKET)) return { reason: 'brackets that do not match' };
      if (this.#stack.length === 0) return 'after';
    } else if (this.#stack.length === 0 && (c === COMMA || isSpace(c))) return 'before';
    return 'more';
  }

  /** One character between values. */
  #outside(c: number): void {
    switch (this.#state) {
      case 'start':
        if (isSpace(c)) return;
        if (c !== OPEN_BRACE && c !== OPEN_BRACKET) throw new Error(`the file does not begin with "[" or "{" (line ${this.line})`);
        this.#root = c === OPEN_BRACE ? 'object' : 'array';
        this.#state = this.#root;
        return;
      case 'array':
        if (isSpace(c) || c === COMMA) return;
        if (c === CLOSE_BRACKET) this.#state = this.#root === 'array' ? 'end' : 'object';
        else this.#open(false);
        return;
      case 'object':
        if (isSpace(c) || c === COMMA) return;
        if (c === CLOSE_BRACE) this.#state = 'end';
        else if (c === QUOTE) {
          this.#state = 'key';
          this.#key = '';
          this.#escaped = false;
        } else throw new Error(`a name in quotes is missing on line ${this.line}`);
        return;
      case 'key':
        if (c === QUOTE && !this.#escaped) {
          this.#state = 'colon';
          this.#key = unescaped(this.#key);
        } else this.#key += String.fromCharCode(c);
        this.#escaped = c === BACKSLASH && !this.#escaped;
        if (this.#key.length > 1000) throw new Error(`a name longer than 1000 characters on line ${this.line}`);
        return;
      case 'colon':
        if (c === COLON) this.#state = 'value';
        else if (!isSpace(c)) throw new Error(`a colon is missing on line ${this.line}`);
        return;
      case 'value':
        if (isSpace(c)) return;
        if (c === OPEN_BRACKET) this.#state = 'array';
        else this.#open(true);
        return;
      case 'resync':
        if (c === NEWLINE) this.#lineIsBlank = true;
        else if (this.#lineIsBlank && c === OPEN_BRACE) this.#open(false);
        else if (this.#lineIsBlank && c === CLOSE_BRACKET) this.#state = this.#root === 'array' ? 'end' : 'object';
        else if (!isSpace(c) && c !== COMMA) this.#lineIsBlank = false;
        return;
      case 'end':
        if (!isSpace(c)) throw new Error(`text after the end of the JSON on line ${this.line}`);
        return;
      case 'capture':
        return;
    }
  }
}
