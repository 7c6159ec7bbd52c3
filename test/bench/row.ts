/** What a row of the bench is. Each file of rows/ gives some; main.ts runs them one after the other. */
import type { BenchPage, PageOptions } from './chromium';

export interface Context {
  /** How often each side is measured; the table shows medians. */
  rounds: number;
  /** Tiny sizes: whether everything runs, not how fast. */
  quick: boolean;
  /** Progress, for a person. */
  log(text: string): void;
  /** The bench's page in a Chromium of its own, closed after the row. */
  open(options?: PageOptions): Promise<BenchPage>;
}

export interface Measured {
  /** One value a round. */
  ours: number[];
  /** One value a round, or a single figure to reach; empty where there is nothing to compare with. */
  peer: number[];
  /** What was found on the way: batch sizes of a sweep, losses, parts of a sum. */
  notes?: string[];
  /** Where only the run itself shows them. */
  backend?: string;
  threads?: number;
}

export interface Row {
  /** 'sample/node': what is measured, and where. */
  name: string;
  backend: 'node' | 'wasm' | 'webgpu' | 'indexeddb' | 'page';
  threads: number;
  unit: string;
  /** Whether more is better (rates) or less (times, counts). The ratio is above 1 where ours is better, whichever it is. */
  better: 'more' | 'less';
  /** What stands in the column `peer`. */
  peer: string;
  measure(context: Context): Promise<Measured>;
}

/** A row that cannot run on this machine, with the reason: reported, not a failure. */
export class NotHere extends Error {
  override name = 'NotHere';
}

/** Measures two sides in turn, the other one first every other round, so that a drift of the machine hits both. */
export async function alternate(
  { rounds, log }: Context,
  sides: { ours: () => Promise<number>; peer: () => Promise<number> },
): Promise<{ ours: number[]; peer: number[] }> {
  const out: { ours: number[]; peer: number[] } = { ours: [], peer: [] };
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? (['ours', 'peer'] as const) : (['peer', 'ours'] as const)) out[side].push(await sides[side]());
    log(`round ${round + 1}/${rounds}: ours ${figure(out.ours[round]!)}, peer ${figure(out.peer[round]!)}`);
  }
  return out;
}

/** Browsers optimise WASM in the background while it runs, about four seconds of processor time for ours. */
const SETTLE_S = 12;
/** Lets each side work until its engine has optimised what it runs. */
export async function settle({ quick, log }: Context, ...sides: (() => Promise<unknown>)[]): Promise<void> {
  for (const side of sides) {
    const began = performance.now();
    do await side();
    while (!quick && performance.now() - began < 1000 * SETTLE_S);
  }
  log('settled');
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Three significant digits, thousands apart. */
export function figure(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Math.abs(value) >= 1000) return Math.round(value).toLocaleString('en');
  return String(Number(value.toPrecision(3)));
}
