/** The state machine of CSV: text in pieces to records with the line they begin on. */
import { countNewlines } from '../text';
import { FormatError } from '../errors';
import { MAX_ROW } from './types';

export interface CsvRecord {
  /** 1-based line where the record begins. */
  line: number;
  fields: string[];
  /** What is wrong with it, if anything. */
  problem: string | null;
  /** Its beginning, for messages. */
  start: string;
}

/** Each unclosed quote costs a rescan of at most MAX_ROW characters. */
const MAX_UNCLOSED = 20;

export class CsvScanner {
  #line = 1;
  #startLine = 1;
  #fields: string[] = [];
  #field = '';
  /** The record's text so far, kept while a quote is open: if it never closes, reading goes on after the record's first line. */
  #held: string[] = [];
  #heldLength = 0;
  #state: 'start' | 'plain' | 'quoted' | 'quote' = 'start';
  #problem: string | null = null;
  #unclosed = 0;

  constructor(private readonly delimiter: string) {}

  *write(piece: string): Generator<CsvRecord, void, void> {
    let queue = piece;
    while (queue !== '') {
      const text: string = queue;
      queue = '';
      yield* this.#scan(text);
      if (this.#heldLength > MAX_ROW) {
        const { record, rest } = this.#giveUp();
        yield record;
        queue = rest;
      }
    }
  }

  *close(): Generator<CsvRecord, void, void> {
    while (this.#state === 'quoted') {
      const { record, rest } = this.#giveUp();
      yield record;
      yield* this.write(rest);
    }
    if (this.#state !== 'start' || this.#fields.length > 0) yield* this.#endRecord();
  }

  *#scan(text: string): Generator<CsvRecord, void, void> {
    let recordStart = 0;
    let i = 0;
    while (i < text.length) {
      if (this.#state === 'quoted') {
        const end = text.indexOf('"', i);
        const stop = end < 0 ? text.length : end;
        this.#field += text.slice(i, stop);
        this.#line += countNewlines(text, i, stop);
        i = stop + 1;
        if (end >= 0) this.#state = 'quote';
        continue;
      }
      const c = text[i]!;
      if (this.#state === 'quote' && c === '"') {
        this.#field += '"';
        this.#state = 'quoted';
        i++;
      } else if (this.#state === 'start' && c === '"') {
        this.#state = 'quoted';
        i++;
      } else if (c === this.delimiter) {
        this.#endField();
        i++;
      } else if (c === '\n') {
        i++;
        yield* this.#endRecord();
        this.#startLine = ++this.#line;
        recordStart = i;
      } else if (this.#state === 'quote') {
        if (c !== '\r') this.#problem ??= `text after a closing quote on line ${this.#line} (a quote inside quotes is written twice)`;
        this.#state = c === '\r' ? 'quote' : 'plain';
        i++;
      } else {
        const end = this.#endOfPlain(text, i);
        this.#field += text.slice(i, end);
        this.#state = 'plain';
        i = end;
      }
    }
    this.#hold(text.slice(recordStart), recordStart > 0);
  }

  #endOfPlain(text: string, from: number): number {
    let i = from;
    while (i < text.length && text[i] !== this.delimiter && text[i] !== '\n') i++;
    return i;
  }

  #hold(text: string, fresh: boolean): void {
    if (fresh) {
      this.#held = [];
      this.#heldLength = 0;
    }
    if (text === '') return;
    this.#held.push(text);
    this.#heldLength += text.length;
  }

  #endField(): void {
    this.#fields.push(this.#state === 'plain' ? this.#field.replace(/\r$/, '') : this.#field);
    this.#field = '';
    this.#state = 'start';
  }

  *#endRecord(): Generator<CsvRecord, void, void> {
    this.#endField();
    const blank = this.#fields.length === 1 && this.#fields[0]!.trim() === '';
    const record = { line: this.#startLine, fields: this.#fields, problem: this.#problem, start: this.#fields.join(' ').slice(0, 400) };
    this.#reset();
    if (!blank) yield record;
  }

  #reset(): void {
    this.#fields = [];
    this.#field = '';
    this.#problem = null;
    this.#state = 'start';
    this.#held = [];
    this.#heldLength = 0;
  }

  /** A record that has not ended for too long: it is a problem, and its second line is the beginning of the next record. */
  #giveUp(): { record: CsvRecord; rest: string } {
    const text = this.#held.join('');
    const quoted = this.#state === 'quoted';
    const problem = quoted
      ? `a quote that is opened on line ${this.#startLine} and never closed`
      : `a row longer than ${MAX_ROW >> 20} million characters`;
    if (++this.#unclosed > MAX_UNCLOSED)
      throw new FormatError(
        `More than ${MAX_UNCLOSED} rows do not end, the last on line ${this.#startLine}: ${problem}.`,
        'Quotes inside fields must be doubled (""). Save the file again as CSV, or as JSONL.',
      );
    const record = { line: this.#startLine, fields: [], problem, start: text.slice(0, 400) };
    const end = text.indexOf('\n');
    this.#reset();
    this.#line = this.#startLine + 1;
    this.#startLine = this.#line;
    return { record, rest: end < 0 ? '' : text.slice(end + 1) };
  }
}
