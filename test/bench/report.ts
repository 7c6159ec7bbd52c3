/** Results as JSON rows and as the table of BENCHMARKS.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { figure, median, type Measured, type Row } from './row';

export interface Result {
  name: string;
  backend: string;
  threads: number;
  /** Medians. Null where the row did not run. */
  ours: number | null;
  peer: number | null;
  /** Above 1 where ours is better; for a limit, the share of it. */
  ratio: number | null;
  unit: string;
  runs: number;
  /** What the peer is. */
  against: string;
  /** All values, for the spread. */
  values: { ours: number[]; peer: number[] };
  notes: string[];
  /** Why there are no figures. */
  reason?: string;
}

export function result(row: Row, measured: Measured): Result {
  const ours = median(measured.ours);
  const peer = measured.peer.length > 0 ? median(measured.peer) : null;
  return {
    name: row.name,
    backend: measured.backend ?? row.backend,
    threads: measured.threads ?? row.threads,
    ours,
    peer,
    ratio: peer === null ? null : row.better === 'more' ? ours / peer : peer / ours,
    unit: row.unit,
    runs: measured.ours.length,
    against: row.peer,
    values: { ours: measured.ours, peer: measured.peer },
    notes: measured.notes ?? [],
  };
}

export function withoutResult({ name, backend, threads, unit, peer }: Row, reason: string): Result {
  const values = { ours: [], peer: [] };
  return { name, backend, threads, ours: null, peer: null, ratio: null, unit, runs: 0, against: peer, values, notes: [], reason };
}

export function machine(): string {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  return `${cpu?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${memory} GiB, ${type()} ${release()}, Node ${process.version}`;
}

/** lowest–highest, where there are several. */
const spread = (values: number[]): string => (values.length > 1 ? ` (${figure(Math.min(...values))}–${figure(Math.max(...values))})` : '');
const cell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

export function markdown(results: readonly Result[], about: readonly string[]): string {
  const lines = [
    ...about.map((line) => `- ${line}`),
    '',
    '| row | backend, threads | ours | peer | ratio | unit | runs | against |',
    '| --- | --- | ---: | ---: | ---: | --- | ---: | --- |',
  ];
  for (const r of results) {
    const value = (x: number | null, all: number[]): string => (x === null ? '–' : `${figure(x)}${spread(all)}`);
    const cells = [
      `\`${r.name}\``,
      r.threads > 0 ? `${r.backend}, ${r.threads}` : r.backend,
      value(r.ours, r.values.ours),
      value(r.peer, r.values.peer),
      r.ratio === null ? '–' : r.ratio.toFixed(2),
      r.unit,
      String(r.runs),
      r.against,
    ];
    lines.push(`| ${cells.map(cell).join(' | ')} |`);
  }
  const told = results.filter((r) => r.reason !== undefined || r.notes.length > 0);
  if (told.length > 0) lines.push('', 'What the runs noted:', '');
  for (const r of told) lines.push(`- \`${r.name}\`: ${r.reason === undefined ? r.notes.join('; ') : `not measured: ${r.reason}`}`);
  return lines.join('\n');
}

const [BEGIN, END] = ['<!-- measured: begin -->', '<!-- measured: end -->'];

/** Puts the text between the marks of a file. @throws Error where the file has no such marks. */
export function writeMeasured(file: string, text: string): void {
  const old = readFileSync(file, 'utf8');
  const [begin, end] = [old.indexOf(BEGIN), old.indexOf(END)];
  if (begin === -1 || end < begin) throw new Error(`${file} has no lines ${BEGIN} and ${END} to write between.`);
  writeFileSync(file, `${old.slice(0, begin + BEGIN.length)}\n\n${text}\n\n${old.slice(end)}`);
}
