/** What the first rows of a file say about its columns: the grounds on which a shape is recognised. */
import type { RowValues } from './readers/types';
import { turnsOf } from './readings';

/** Rows that are looked at. */
export const SAMPLE_ROWS = 64;

type Kind = 'text' | 'number' | 'boolean' | 'list' | 'turns' | 'object' | 'empty';

export class Columns {
  /** Names in order of appearance; values inside objects as `a.b`. */
  readonly names: string[] = [];
  readonly #values = new Map<string, unknown[]>();

  constructor(readonly rows: readonly RowValues[]) {
    for (const row of rows)
      for (const [name, value] of Object.entries(row)) {
        this.#add(name, value);
        if (typeof value === 'object' && value !== null && !Array.isArray(value))
          for (const [inner, deep] of Object.entries(value)) this.#add(`${name}.${inner}`, deep);
      }
  }

  #add(name: string, value: unknown): void {
    let values = this.#values.get(name);
    if (!values) {
      this.#values.set(name, (values = []));
      this.names.push(name);
    }
    values.push(value);
  }

  /** The first of these columns that is there, by name without regard to case. */
  find(...wanted: string[]): string | null {
    for (const name of wanted) {
      const found = this.names.find((one) => one.toLowerCase() === name);
      if (found !== undefined) return found;
    }
    return null;
  }

  has(...wanted: string[]): boolean {
    return wanted.every((name) => this.find(name) !== null);
  }

  /** The values of a column that are there. */
  values(name: string | null): unknown[] {
    return name === null ? [] : (this.#values.get(name) ?? []).filter((value) => value !== null && value !== undefined && value !== '');
  }

  kind(name: string | null): Kind {
    const values = this.values(name);
    if (values.length === 0) return 'empty';
    const counts = new Map<Kind, number>();
    for (const value of values) counts.set(kindOf(value), (counts.get(kindOf(value)) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1])[0]![0];
  }

  /** Share of a column's values whose text matches; 0 for a column without values. */
  share(name: string | null, pattern: RegExp): number {
    const values = this.values(name);
    const matching = values.filter((value) => (typeof value === 'string' || typeof value === 'number') && pattern.test(String(value)));
    return values.length === 0 ? 0 : matching.length / values.length;
  }

  /** Mean length of a column's texts in characters. */
  length(name: string): number {
    const texts = this.values(name).filter((value) => typeof value === 'string');
    return texts.length === 0 ? 0 : texts.reduce((sum, text) => sum + text.length, 0) / texts.length;
  }
}

function kindOf(value: unknown): Kind {
  if (typeof value === 'string') return turnsOf(value) ? 'turns' : /^\s*\[.*\]\s*$/s.test(value) && isJsonList(value) ? 'list' : 'text';
  if (typeof value === 'number' || typeof value === 'bigint') return 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (Array.isArray(value)) return turnsOf(value) ? 'turns' : 'list';
  return typeof value === 'object' && value !== null ? 'object' : 'empty';
}

function isJsonList(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
