import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { gradeAnswer, gradeResponse, resolveOptions, type GradeOptions } from '../../math';
import { asInput, messageOf } from '../errors';
import { printJson } from '../output';

/**
 * Grades the JSONL rows of a stream, one line out for each line in that is not blank. Rows are neither collected nor reordered, so the input
 * may be of any size; a malformed row becomes a row with `error`.
 * @throws InputError for options that cannot be used.
 */
export async function grade(
  given: Record<string, unknown>,
  input: Readable,
  print: (row: unknown) => Promise<void> = printJson,
): Promise<void> {
  const options = await asInput(() => resolveOptions(given as Partial<GradeOptions>));
  let line = 0;
  for await (const text of createInterface({ input, crlfDelay: Infinity })) {
    line++;
    if (text.trim() === '' || (line === 1 && text === '\ufeff')) continue;
    await print(gradeLine(line === 1 ? text.replace(/^\ufeff/, '') : text, line, options));
  }
}

/** The verdict on one row, or `{line, error}`. */
export function gradeLine(text: string, line: number, options: GradeOptions): Record<string, unknown> {
  try {
    const { gold, given, isResponse } = readRow(text);
    const verdict = isResponse ? gradeResponse(gold, given, options) : gradeAnswer(gold, given, options);
    return { correct: verdict.correct, rule: verdict.rule, status: verdict.status, gold: verdict.gold, prediction: verdict.prediction };
  } catch (error) {
    return { line, error: messageOf(error) };
  }
}

function readRow(text: string): { gold: string; given: string; isResponse: boolean } {
  let row: unknown;
  try {
    row = JSON.parse(text);
  } catch (error) {
    throw new Error(`not valid JSON (${messageOf(error).replace(/\s+/g, ' ')})`, { cause: error });
  }
  if (typeof row !== 'object' || row === null || Array.isArray(row))
    throw new Error('a JSON object with "gold" and "prediction" or "response" is needed');
  const { gold, prediction, response } = row as Record<string, unknown>;
  const isResponse = response !== undefined;
  if (isResponse && prediction !== undefined) throw new Error('a row has "prediction" or "response", not both');
  return {
    gold: asText('gold', gold),
    given: asText(isResponse ? 'response' : 'prediction', isResponse ? response : prediction),
    isResponse,
  };
}

/** Data sets give some answers as numbers (27.0). */
function asText(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  throw new Error(value === undefined ? `"${name}" is missing` : `"${name}" must be a text or a number`);
}
