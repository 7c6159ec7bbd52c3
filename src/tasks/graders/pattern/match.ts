/**
 * Regular expressions in linear time: all ways through the pattern are followed at once, each place at most once per character, so no pattern can
 * make the time grow beyond characters × places. That is why the platform's own engine, which backtracks and cannot be stopped, is not asked.
 */
import { parsePattern } from './parse';
import { compile, type Instruction } from './program';

/** Places visited over a whole text. */
const STEPS = 5_000_000;

export interface Pattern {
  /** Whether the text as a whole, or any part of it, matches; 'timeout' when text × pattern is too large to decide. */
  test(text: string): boolean | 'timeout';
}

export interface PatternOptions {
  /** The whole text must match, not a part. */
  whole: boolean;
  ignoreCase: boolean;
}

/** The dot also matches line breaks; ^ and $ are the ends of the text. @throws RangeError saying what is wrong with the pattern. */
export function pattern(source: string, { whole, ignoreCase }: PatternOptions): Pattern {
  const program = compile(parsePattern(source), ignoreCase);
  return { test: (text) => run(program, text, whole) };
}

function run(program: readonly Instruction[], text: string, whole: boolean): boolean | 'timeout' {
  const codes = Array.from(text, (character) => character.codePointAt(0)!);
  const seen = new Int32Array(program.length).fill(-1);
  let steps = 0;
  let current: number[] = [];
  const stack: number[] = [];

  /** Follows jumps and assertions from `start` at position `at`; true when the end of the pattern is reached there. */
  const enter = (start: number, at: number, into: number[]): boolean => {
    stack.push(start);
    let matched = false;
    while (stack.length > 0) {
      const place = stack.pop()!;
      if (seen[place] === at) continue;
      seen[place] = at;
      steps++;
      const instruction = program[place]!;
      if (instruction.op === 'one') into.push(place);
      else if (instruction.op === 'match') matched ||= !whole || at === codes.length;
      else if (instruction.op === 'go') {
        if (instruction.other >= 0) stack.push(instruction.other);
        stack.push(instruction.to);
      } else if (holds(instruction.what, codes, at)) stack.push(place + 1);
    }
    return matched;
  };

  if (enter(0, 0, current)) return true;
  for (let at = 0; at < codes.length; at++) {
    const next: number[] = [];
    const code = codes[at]!;
    for (const place of current) {
      steps++;
      if ((program[place] as Extract<Instruction, { op: 'one' }>).matches(code) && enter(place + 1, at + 1, next)) return true;
    }
    if (!whole && enter(0, at + 1, next)) return true;
    if (steps > STEPS) return 'timeout';
    if (next.length === 0 && whole) return false;
    current = next;
  }
  return false;
}

function holds(what: 'start' | 'end' | 'boundary' | 'inside', codes: readonly number[], at: number): boolean {
  if (what === 'start') return at === 0;
  if (what === 'end') return at === codes.length;
  const boundary = isWord(codes[at - 1]) !== isWord(codes[at]);
  return what === 'boundary' ? boundary : !boundary;
}

/** \w, as \b has it. */
function isWord(code: number | undefined): boolean {
  if (code === undefined) return false;
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
}
