/** A parsed expression as instructions of a nondeterministic machine (Thompson 1968, Pike 1987). */
import type { Node } from './parse';

export type Instruction =
  | { op: 'one'; matches: (code: number) => boolean }
  | { op: 'assert'; what: 'start' | 'end' | 'boundary' | 'inside' }
  /** Go on at both; −1 for `other` is a plain jump. */
  | { op: 'go'; to: number; other: number }
  | { op: 'match' };

/** Counted repeats are written out, so {1000} costs a thousand instructions. */
const LONGEST = 2000;
const TOO_LARGE = `The pattern is too large: with its counted repeats written out it exceeds ${LONGEST} places.`;

/** @throws RangeError for a pattern whose repeats make it too large. */
export function compile(node: Node, ignoreCase: boolean): Instruction[] {
  const program: Instruction[] = [];
  const emit = (instruction: Instruction): number => {
    if (program.length >= LONGEST) throw new RangeError(TOO_LARGE);
    return program.push(instruction) - 1;
  };
  const matcher = matchers(ignoreCase);
  const go = (to = -1, other = -1) => {
    const instruction = { op: 'go' as const, to, other };
    emit(instruction);
    return instruction;
  };
  // Repeats of nothing emit nothing, and still take time.
  let writes = 0;
  const write = (n: Node): void => {
    if (++writes > 100 * LONGEST) throw new RangeError(TOO_LARGE);
    switch (n.kind) {
      case 'one':
        emit({ op: 'one', matches: matcher(n.source) });
        break;
      case 'assert':
        emit({ op: 'assert', what: n.what });
        break;
      case 'sequence':
        n.items.forEach(write);
        break;
      case 'choice': {
        const ends = n.options.map((option, i) => {
          if (i === n.options.length - 1) {
            write(option);
            return null;
          }
          const fork = go(program.length + 1);
          write(option);
          const end = go();
          fork.other = program.length;
          return end;
        });
        for (const end of ends) if (end) end.to = program.length;
        break;
      }
      case 'repeat': {
        for (let i = 0; i < n.min; i++) write(n.item);
        if (n.max === Infinity) {
          const fork = go(program.length + 1);
          const start = program.length - 1;
          write(n.item);
          go(start);
          fork.other = program.length;
        } else {
          const forks = [];
          for (let i = n.min; i < n.max; i++) {
            forks.push(go(program.length + 1));
            write(n.item);
          }
          for (const fork of forks) fork.other = program.length;
        }
        break;
      }
    }
  };
  write(node);
  emit({ op: 'match' });
  return program;
}

/** Native tests of one code point, each answer remembered. */
function matchers(ignoreCase: boolean): (source: string) => (code: number) => boolean {
  const bySource = new Map<string, (code: number) => boolean>();
  return (source) => {
    let test = bySource.get(source);
    if (!test) {
      const native = new RegExp(`^(?:${source})$`, ignoreCase ? 'isu' : 'su');
      const known = new Map<number, boolean>();
      test = (code) => {
        let answer = known.get(code);
        if (answer === undefined) known.set(code, (answer = native.test(String.fromCodePoint(code))));
        return answer;
      };
      bySource.set(source, test);
    }
    return test;
  };
}
