import type { Verdict } from '../types';
import { lastObject } from './json-find';
import { parseDecimal, sameDecimal } from './decimal';
import { MAX_RESPONSE } from './locate';
import { withoutThinking } from '../../math/extract/thinking';
import type { Grade, Grader, OptionValues } from './types';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
type JsonObject = { [key: string]: Json };

/** Fields of the response's last JSON object. */
export const json: Grader = {
  id: 'json',
  name: 'JSON fields',
  description: 'The last JSON object in the response has the gold object’s values in the fields that count.',
  goldHelp: 'A JSON object, e.g. {"city": "Paris", "year": 1889}.',
  options: [
    {
      name: 'fields',
      kind: 'text',
      label: 'Fields that count',
      description: 'Names parted by commas; a dot goes inside: place.city. Empty: every field of the gold.',
      default: '',
      maxLength: 500,
    },
    {
      name: 'extra',
      kind: 'choice',
      label: 'Further fields',
      description: 'Whether the response’s object may have fields that the gold’s has not.',
      default: 'allowed',
      choices: [
        { value: 'allowed', description: 'they do not count' },
        { value: 'wrong', description: 'they make the answer wrong' },
      ],
    },
    {
      name: 'case',
      kind: 'choice',
      label: 'Case of texts',
      description: 'Whether upper and lower case differ in texts. Spaces around a text never count.',
      default: 'same',
      choices: [
        { value: 'same', description: 'Paris is not paris' },
        { value: 'any', description: 'Paris is paris' },
      ],
    },
    {
      name: 'numbers',
      kind: 'choice',
      label: 'Numbers written as texts',
      description: 'Whether "12" is 12.',
      default: 'strict',
      choices: [
        { value: 'strict', description: 'a text is no number' },
        { value: 'either', description: 'a text that is a number counts as one' },
      ],
    },
  ],
  create(options): Grade {
    const names = fieldNames(options);
    return (gold, response) => {
      const verdict = (correct: boolean, rule: string, status: Verdict['status'], prediction: string | null): Verdict => ({
        ...{ correct, rule, status, prediction, gold },
      });
      const expected = parseObject(gold);
      if (!expected) return verdict(false, 'the gold answer is not a JSON object', 'unparsable-gold', null);
      const found = lastObject(withoutThinking(response.slice(-MAX_RESPONSE)));
      if (found === 'too-long') return verdict(false, 'stopped: too many braces to search', 'timeout', null);
      if (found === null) return verdict(false, 'there is no JSON object', 'no-answer', null);
      const given = found.value as JsonObject;
      const prediction = found.text;
      const wanted = names.length > 0 ? names : Object.keys(expected).map((name) => [name]);
      if (wanted.length === 0) return verdict(false, 'the gold object has no fields', 'unparsable-gold', prediction);
      for (const path of wanted) {
        const [want, have] = [at(expected, path), at(given, path)];
        const name = path.join('.');
        if (want === undefined) return verdict(false, `the gold object has no field ${name}`, 'unparsable-gold', prediction);
        if (have === undefined) return verdict(false, `the field ${name} is missing`, 'ok', prediction);
        if (!same(want, have, options, 0)) return verdict(false, `the field ${name} differs`, 'ok', prediction);
      }
      const extra = options['extra'] === 'wrong' ? Object.keys(given).find((name) => !Object.hasOwn(expected, name)) : undefined;
      if (extra !== undefined) return verdict(false, `the gold object has no field ${extra.slice(0, 40)}`, 'ok', prediction);
      return verdict(
        true,
        wanted.length === 1 ? `the field ${wanted[0]!.join('.')} is equal` : `all ${wanted.length} fields are equal`,
        'ok',
        prediction,
      );
    };
  },
  goldProblem(gold, options) {
    const object = parseObject(gold);
    if (!object) return 'It is not a JSON object.';
    const missing = fieldNames(options).find((path) => at(object, path) === undefined);
    if (missing) return `It has no field ${missing.join('.')}.`;
    return Object.keys(object).length === 0 ? 'The object has no fields.' : null;
  },
};

function fieldNames(options: OptionValues): string[][] {
  return String(options['fields'])
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
    .map((name) => name.split('.'));
}

function parseObject(text: string): JsonObject | null {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}

function at(value: Json, path: readonly string[]): Json | undefined {
  let here: Json | undefined = value;
  for (const name of path) {
    if (typeof here !== 'object' || here === null || Array.isArray(here) || !Object.hasOwn(here, name)) return undefined;
    here = here[name];
  }
  return here;
}

/** Deeper than this nothing is equal: no stack is ever exhausted. */
const DEEPEST = 64;

function same(a: Json, b: Json, options: OptionValues, depth: number): boolean {
  if (depth > DEEPEST) return false;
  if (options['numbers'] === 'either' && (typeof a === 'number' || typeof b === 'number')) {
    const [x, y] = [a, b].map((v) => (typeof v === 'number' || typeof v === 'string' ? parseDecimal(String(v)) : null));
    if (x && y) return sameDecimal(x, y);
  }
  if (typeof a === 'string' && typeof b === 'string') {
    const key = (text: string) => (options['case'] === 'any' ? text.normalize().trim().toLowerCase() : text.normalize().trim());
    return key(a) === key(b);
  }
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => same(item, b[i]!, options, depth + 1));
  if (typeof a === 'object' && a !== null) {
    if (typeof b !== 'object' || b === null || Array.isArray(b)) return false;
    const names = Object.keys(a);
    return (
      names.length === Object.keys(b).length &&
      names.every((name) => Object.hasOwn(b, name) && same(a[name]!, b[name]!, options, depth + 1))
    );
  }
  return a === b;
}
