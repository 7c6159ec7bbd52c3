/** Rows of candidates made elsewhere, read line by line: what is wrong with a row is said, and the rest goes on. */
import { messageOf } from '../../base/errors';
import { excerpt, reasonOf } from '../formats/errors';
import { splitLines, type Line } from '../formats/lines';
import { decodeText } from '../formats/text';
import type { CandidateResponse, CandidateRow } from './types';

type TextLine = Pick<Line, 'number' | 'text'>;

/** A line that is not blank: its row with an id, or what is wrong with it. */
export type CandidateLine = { line: number; row: CandidateRow & { id: string } } | { line: number; error: string };

/** Longest row in characters: 32 candidates of some thousand tokens with three lists of log-probs fit. */
export const MAX_CANDIDATE_ROW = 64 << 20;
/** log p may pass 0 by rounding. */
const LOG_PROB_SLACK = 1e-3;

/** The lines of a JSONL file for {@link readCandidateRows}. @throws FormatError for what is not text. */
export function candidateLines(chunks: AsyncIterable<Uint8Array>, name: string): AsyncIterable<TextLine> {
  return splitLines(decodeText(chunks, name), MAX_CANDIDATE_ROW);
}

/**
 * Reads JSONL. A row without an id is called `row-<line>`; an id that came before is an error, because the choice among correct candidates
 * depends on it.
 */
export async function* readCandidateRows(lines: AsyncIterable<TextLine> | Iterable<TextLine>): AsyncGenerator<CandidateLine, void, void> {
  const seen = new Map<string, number>();
  for await (const { number: line, text } of lines) {
    if (text?.trim() === '') continue;
    try {
      if (text === null) throw new Error(`longer than ${MAX_CANDIDATE_ROW >> 20} million characters`);
      const row = parseCandidateRow(parseJson(text));
      const id = row.id ?? `row-${line}`;
      const earlier = seen.get(id);
      if (earlier !== undefined) throw new Error(`the id "${excerpt(id, 40)}" is that of line ${earlier}; ids must differ`);
      seen.set(id, line);
      yield { line, row: { ...row, id } };
    } catch (error) {
      yield { line, error: messageOf(error) };
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`not valid JSON (${reasonOf(error)})`, { cause: error });
  }
}

/**
 * One row. Rows that `gap rewrite` wrote are read too: there a response is called `text`, and a guided one's `logProbs` are given the retell
 * prompt it was sampled with, unless the row says that its candidates were made elsewhere.
 * @throws Error that says what is wrong with it.
 */
export function parseCandidateRow(value: unknown): CandidateRow {
  if (!isObject(value)) throw new Error('a JSON object is needed');
  const row: CandidateRow = {
    problem: text(value, 'problem'),
    gold: text(value, 'gold'),
    expert: text(value, 'expert'),
    candidates: candidates(value['candidates'], value['source'] !== 'candidates made elsewhere'),
  };
  if (row.gold.trim() === '') throw new Error('"gold" is empty: nothing could be graded');
  if (value['id'] !== undefined && value['id'] !== null) row.id = text(value, 'id');
  const expertLogProbs = logProbs(value, 'expertLogProbs');
  if (expertLogProbs) row.expertLogProbs = expertLogProbs;
  return row;
}

function candidates(value: unknown, sampledHere: boolean): CandidateResponse[] {
  if (!Array.isArray(value)) throw new Error('"candidates" must be a list of {"stage": "self" | "guided", "response": "…"}');
  return value.map((one: unknown, i) => {
    try {
      return candidate(one, sampledHere);
    } catch (error) {
      throw new Error(`candidate ${i + 1}: ${(error as Error).message}`, { cause: error });
    }
  });
}

function candidate(value: unknown, sampledHere: boolean): CandidateResponse {
  if (!isObject(value)) throw new Error('a JSON object is needed');
  const { stage, finish } = value;
  if (stage !== 'self' && stage !== 'guided') throw new Error('"stage" must be "self" or "guided"');
  if (finish !== undefined && finish !== null && finish !== 'eos' && finish !== 'length')
    throw new Error('"finish" must be "eos" or "length"');
  const ours = value['response'] === undefined && typeof value['text'] === 'string';
  const response: CandidateResponse = { stage, response: text(value, ours ? 'text' : 'response') };
  const asSampled = ours && sampledHere && stage === 'guided';
  const own = asSampled ? undefined : logProbs(value, 'logProbs');
  const retell = logProbs(value, asSampled ? 'logProbs' : 'retellLogProbs');
  const sampling = logProbs(value, 'samplingLogProbs');
  if (own) response.logProbs = own;
  if (retell) response.retellLogProbs = retell;
  if (sampling) response.samplingLogProbs = sampling;
  if (finish) response.finish = finish;
  const lengths = new Set([own, retell, sampling].flatMap((list) => (list ? [list.length] : [])));
  if (lengths.size > 1) throw new Error(`its lists of log-probs differ in length (${[...lengths].join(' and ')})`);
  return response;
}

/** A text; data sets give some answers and ids as numbers. */
function text(row: Record<string, unknown>, name: string): string {
  const value = row[name];
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && (name === 'gold' || name === 'id')) {
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      throw new Error(`"${name}" has more digits than a number holds; write it as a text`);
    return String(value);
  }
  throw new Error(value === undefined || value === null ? `"${name}" is missing` : `"${name}" must be a text`);
}

function logProbs(row: Record<string, unknown>, name: string): number[] | undefined {
  const value = row[name];
  if (value === undefined || value === null) return undefined;
  const isLogProb = (one: unknown) => typeof one === 'number' && one <= LOG_PROB_SLACK;
  if (!Array.isArray(value) || value.length === 0 || !value.every(isLogProb)) {
    throw new Error(`"${name}" must be a list of log-probabilities, one number of at most 0 per token`);
  }
  return value as number[];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
