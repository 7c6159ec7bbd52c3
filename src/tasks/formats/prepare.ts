/** From rows as a file has them to a task's rows: what cannot be used is counted and listed, never dropped silently. */
import { uniform } from '../../policy/random';
import type { TaskRow } from '../dataset/types';
import { excerpt } from './errors';
import { applyMapping, type Mapping } from './mapping';
import type { ReadItem, RowValues } from './readers/types';
import { LISTED_PER_REASON, REASONS, type ListedRow, type Reason } from './report';

export interface PrepareOptions {
  mapping: Mapping;
  /** What is wrong with a gold answer, null where the grader can use it. */
  goldProblem: (gold: string) => string | null;
  /** Why a row does not fit the policy's context; absent without a policy. */
  lengthProblem?: ((row: TaskRow) => string | null) | undefined;
  /** Rows that are too long are listed and taken all the same. */
  keepLong?: boolean | undefined;
}

/** Golds by which data sets say that there is none: NuminaMath's "proof" and "notfound", tables' empty marks. */
const NO_GOLD = new Set(['proof', 'notfound', 'not found', 'null', 'nan', 'n/a']);

/** Longest question or expert's text in characters: about what a context of 32,768 tokens holds. */
const MAX_TEXT = 200_000;

export class Preparation {
  readonly rows: TaskRow[] = [];
  readonly counts = Object.fromEntries(Object.keys(REASONS).map((reason) => [reason, 0])) as Record<Reason, number>;
  readonly listed: ListedRow[] = [];
  read = 0;
  /** Questions seen, by a hash of 53 bits: index in `rows`, or −1 where the row was not taken. */
  readonly #questions = new Map<number, number>();
  /** Ids given, with the number that the next repetition gets. */
  readonly #ids = new Map<string, number>();

  constructor(private readonly options: PrepareOptions) {}

  /** Takes the next item of a file. */
  add(item: ReadItem): void {
    this.read++;
    if (item.kind === 'problem') this.#list(item.at, 'unreadable', item.message, item.excerpt);
    else this.#row(item.at, item.values);
  }

  #row(at: number, values: RowValues): void {
    const mapped = applyMapping(this.options.mapping, values);
    const question = joined(mapped.context, mapped.question);
    if (question === null) return this.#list(at, 'no-question', questionProblem(this.options.mapping), beginning(values));
    const gold = mapped.gold?.trim() ?? '';
    const problem = this.#goldProblem(gold);
    if (problem) return this.#list(at, 'no-gold', problem, question);
    if (Math.max(question.length, mapped.expert?.length ?? 0) > MAX_TEXT)
      return this.#list(at, 'too-long', `more than ${MAX_TEXT} characters`, question);
    const folded = question.replace(/\s+/g, ' ');
    const key = uniform(0, 'question', folded);
    if (this.#questions.has(key)) return this.#list(at, 'duplicate', this.#sameAs(this.#questions.get(key)!), question);
    const row = this.#toRow(at, mapped, question, gold);
    const length = this.options.lengthProblem?.(row) ?? null;
    if (length) this.#list(at, 'too-long', length, question);
    const taken = length === null || this.options.keepLong === true;
    this.#questions.set(key, taken ? this.rows.length : -1);
    if (!taken) return;
    if (row.expert === null) this.#list(at, 'no-expert', 'taken for testing, not for training', question);
    this.rows.push(row);
  }

  #toRow(at: number, mapped: ReturnType<typeof applyMapping>, question: string, gold: string): TaskRow {
    return {
      id: this.#uniqueId(mapped.id?.trim() || `row-${at}`),
      question,
      gold,
      expert: mapped.expert?.trim() || null,
      ...(mapped.family?.trim() && { family: mapped.family.trim().slice(0, 100) }),
      ...(mapped.tolerance?.trim() && { fields: { tolerance: mapped.tolerance.trim() } }),
    };
  }

  #uniqueId(wanted: string): string {
    const id = wanted.slice(0, 200);
    for (let n = this.#ids.get(id) ?? 1; ; n++) {
      const candidate = n === 1 ? id : `${id}#${n}`;
      if (n > 1 && this.#ids.has(candidate)) continue;
      this.#ids.set(id, n + 1);
      this.#ids.set(candidate, Math.max(2, this.#ids.get(candidate) ?? 2));
      return candidate;
    }
  }

  #goldProblem(gold: string): string | null {
    const rule = this.options.mapping.gold;
    if (gold === '') return rule && rule.as !== 'text' ? `nothing found in ${rule.column}` : `${rule?.column ?? 'the gold'} is empty`;
    if (NO_GOLD.has(gold.toLowerCase())) return `"${excerpt(gold, 20)}" stands for no answer`;
    return this.options.goldProblem(gold);
  }

  #sameAs(index: number): string {
    return index < 0 ? 'its first occurrence was left out' : `first as ${excerpt(this.rows[index]!.id, 60)}`;
  }

  #list(row: number, reason: Reason, detail: string, text: string): void {
    if (++this.counts[reason] <= LISTED_PER_REASON) this.listed.push({ row, reason, detail: excerpt(detail, 160), excerpt: excerpt(text) });
  }
}

function joined(context: string | null, question: string | null): string | null {
  const text = [context, question].flatMap((part) => (part && part.trim() !== '' ? [part.trim()] : [])).join('\n\n');
  return question === null || question.trim() === '' ? null : text;
}

function questionProblem({ question }: Mapping): string {
  return question?.as === 'user'
    ? `${question.column} is not a conversation of one question`
    : `${question?.column ?? 'the question'} is empty`;
}

/** Something of a row to recognise it by. */
function beginning(values: RowValues): string {
  return Object.values(values)
    .filter((value) => typeof value === 'string' && value !== '')
    .slice(0, 3)
    .join(' ');
}
