/**
 * Candidates made elsewhere on the page: a file is graded and decided by a worker of its own while what was brought in before stays until
 * the first row of the new one is there.
 */
import type { RewrittenProblem } from '../../method/rewrite-candidates';
import type { DecidedRow, GradedCandidate, Stage } from '../../method/types';
import type { Problem } from '../../tasks/types';
import type { CandidatesReply, CandidatesRequest, MalformedRow } from '../lib/candidates';
import type { Explained } from '../lib/errors';
import { Analysis } from './analysis.svelte';
import { FrameBatch } from './frame';
import { ProblemBoard, stageCounts, type StageCount, type ViewOf } from './problem-board';

/** Malformed rows that are listed; all are counted. */
const LISTED = 100;

export class Elsewhere {
  /** What is shown, and how it was decided. */
  name = $state('');
  shown = $state.raw<{ seed: number; grader: string } | null>(null);
  problems = $state.raw<ViewOf<Problem>[]>([]);
  rows = $state.raw<DecidedRow[]>([]);
  counts = $state.raw<Record<Stage, StageCount>>(stageCounts([], 1));
  malformed = $state.raw<MalformedRow[]>([]);
  malformedCount = $state(0);
  selected = $state(0);
  /** Of the file that is being read, in bytes. */
  progress = $state.raw<{ name: string; bytes: number; of: number } | null>(null);
  /** Stopped before its end. */
  partial = $state(false);
  failure = $state.raw<Explained | null>(null);
  revision = $state(0);
  readonly analysis = new Analysis();
  #board = new ProblemBoard<Problem, GradedCandidate, DecidedRow>();
  readonly #frame = new FrameBatch(() => this.#publish());
  #worker: Worker | null = null;

  /** Reads a file from its beginning; one that is being read is given up. */
  open(file: Blob, name: string, graderId: string, seed: number): void {
    this.#end();
    this.failure = null;
    this.progress = { name, bytes: 0, of: file.size };
    let fresh = true;
    const malformed: MalformedRow[] = [];
    let malformedCount = 0;
    const worker = new Worker(new URL('../lib/candidates.worker.ts', import.meta.url), { type: 'module' });
    this.#worker = worker;
    const take = (problems: readonly RewrittenProblem[]): void => {
      if (fresh && problems.length > 0) {
        fresh = false;
        this.#board = new ProblemBoard();
        this.name = name;
        this.shown = { seed, grader: graderId };
        this.selected = 0;
        this.partial = false;
      }
      for (const { problem, candidates, row } of problems) {
        this.#board.append([problem]);
        for (const candidate of candidates) this.#board.addCandidate(candidate);
        this.#board.addRow(row);
      }
      if (fresh) return;
      this.malformed = [...malformed];
      this.malformedCount = malformedCount;
      this.#frame.request();
    };
    worker.onmessage = ({ data }: MessageEvent<CandidatesReply>) => {
      if (data.type === 'rows') {
        malformedCount += data.malformed.length;
        malformed.push(...data.malformed.slice(0, LISTED - malformed.length));
        this.progress = { name, bytes: data.bytes, of: file.size };
        take(data.problems);
        return;
      }
      this.#end();
      if (data.type === 'failed') {
        this.partial = !fresh;
        this.failure = { message: data.message, hint: data.hint };
      } else if (fresh) this.failure = nothingUsable(name, malformed[0]);
    };
    worker.onerror = (event) => {
      this.#end();
      this.failure = {
        message: `${name} could not be graded: ${event.message || 'the worker failed'}.`,
        hint: 'Reload the page and try again.',
      };
    };
    const request: CandidatesRequest = { file, name, seed, grader: { id: graderId } };
    worker.postMessage(request);
  }

  /** What is decided so far stays. */
  stop(): void {
    this.partial = this.shown !== null && this.progress !== null && this.progress.name === this.name;
    this.#end();
  }

  candidatesOf(problemId: string): GradedCandidate[] {
    void this.revision;
    return this.#board.candidates(problemId);
  }
  rowOf(problemId: string): DecidedRow | null {
    void this.revision;
    return this.#board.row(problemId);
  }

  #end(): void {
    this.#worker?.terminate();
    this.#worker = null;
    this.progress = null;
  }

  #publish(): void {
    this.problems = this.#board.views();
    this.rows = this.#board.rows();
    this.counts = stageCounts(this.problems, Infinity);
    this.revision++;
    this.analysis.update(this.rows);
  }
}

function nothingUsable(name: string, first: MalformedRow | undefined): Explained {
  return {
    message: first ? `${name} holds no row that can be used; line ${first.line}: ${first.error}.` : `${name} holds no rows.`,
    hint: 'A JSONL file with one problem a line is needed, as described above. What was shown before stays.',
  };
}
