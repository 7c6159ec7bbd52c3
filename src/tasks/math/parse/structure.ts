import { isExpression, type Answer, type Expression, type RelationOperator } from './ast';
import { Cursor } from './cursor';
import { parseSum } from './expression';
import { ParseError } from './tokens';

/** Items between separators, up to a closing bracket or the end: one answer, or a list of them. */
export function parseItems(cursor: Cursor): Answer {
  const groups: Answer[][] = [[]];
  if (atEnd(cursor)) throw cursor.unexpected();
  for (;;) {
    groups.at(-1)!.push(parseRelation(cursor));
    if (!cursor.is('separator')) break;
    // ", and" is one separator; a semicolon among them is the outer one.
    let outer = false;
    while (cursor.is('separator')) outer = cursor.next().text === ';' || outer;
    if (atEnd(cursor)) break;
    if (outer) groups.push([]);
  }
  // "p=5, q=2; p=7, q=2": semicolons separate tuples; "1; 2; 3" is a plain list.
  const grouped = groups.length > 1 && groups.some((group) => group.length > 1);
  const items: Answer[] = grouped
    ? groups.map((group) => (group.length > 1 ? { kind: 'tuple', open: '(', close: ')', items: group } : group[0]!))
    : groups.flat();
  return items.length === 1 ? items[0]! : { kind: 'list', items: shareLabel(items) };
}

/** "n = 2, 3, 4" says n = 2, n = 3, n = 4. */
function shareLabel(items: Answer[]): Answer[] {
  const [first, ...others] = items;
  if (first?.kind !== 'relation' || first.operators.some((operator) => operator !== '=')) return items;
  if (others.length === 0 || others.some((item) => item.kind === 'relation') || first.parts[0]!.kind !== 'symbol') return items;
  return [first.parts.at(-1)!, ...others];
}

function atEnd(cursor: Cursor): boolean {
  return cursor.done || cursor.is('close') || cursor.is('row') || cursor.is('cell') || (cursor.bars > 0 && cursor.is('operator', '|'));
}

function parseRelation(cursor: Cursor): Answer {
  const parts: Answer[] = [parseUnion(cursor)];
  const operators: (RelationOperator | '~')[] = [];
  while (cursor.is('relation')) {
    operators.push(cursor.next().text as RelationOperator | '~');
    parts.push(parseUnion(cursor));
  }
  return finishRelation(parts, operators);
}

/** Drops what follows "≈" after something exact: "x = 1/3 ≈ 0.33" says 1/3, "√2 ≈ 1.41" says √2, "x ≈ 1.41" all there is. */
function finishRelation(parts: Answer[], operators: (RelationOperator | '~')[]): Answer {
  const rough = operators.indexOf('~');
  if (rough > 0 || (rough === 0 && parts[0]!.kind !== 'symbol' && parts[0]!.kind !== 'words' && parts[0]!.kind !== 'apply')) {
    parts = parts.slice(0, rough + 1);
    operators = operators.slice(0, rough);
  }
  if (parts.length === 1) return parts[0]!;
  return { kind: 'relation', parts, operators: operators.map((operator) => (operator === '~' ? '=' : operator)) };
}

function parseUnion(cursor: Cursor): Answer {
  const parts = [parseRatio(cursor)];
  if (cursor.take('operator', 'setminus')) return { kind: 'difference', from: parts[0]!, without: parseRatio(cursor) };
  while (cursor.take('operator', 'cup')) parts.push(parseRatio(cursor));
  return parts.length === 1 ? parts[0]! : { kind: 'union', parts };
}

function parseRatio(cursor: Cursor): Answer {
  const first = parseSum(cursor);
  if (!cursor.is('operator', ':')) return first;
  const parts = [scalar(first)];
  while (cursor.take('operator', ':')) parts.push(scalar(parseSum(cursor)));
  return { kind: 'ratio', parts };
}

/** What stands between an opening bracket, already taken, and its closing one. */
export function parseBracket(cursor: Cursor, open: '(' | '[' | '{' | 'set'): Answer {
  return cursor.nested(() => {
    const bars = cursor.bars;
    cursor.bars = 0;
    if (open === 'set' && cursor.take('close', 'set')) return { kind: 'words', text: 'no solution' };
    if (open === 'set' && cursor.is('symbol') && (cursor.is('operator', '|', 1) || cursor.is('operator', ':', 1))) {
      // {x | x > 1} is the condition.
      cursor.at += 2;
      const condition = parseItems(cursor);
      cursor.bars = bars;
      if (!cursor.take('close', 'set')) throw cursor.unexpected();
      return condition;
    }
    const body = parseItems(cursor);
    cursor.bars = bars;
    const close = cursor.peek();
    if (close?.kind !== 'close') throw cursor.unexpected();
    cursor.at++;
    const items = body.kind === 'list' ? body.items : [body];
    if (open === '{' || open === 'set') {
      if (close.text !== open) throw new ParseError('brackets that do not match');
      return open === 'set' ? { kind: 'set', items } : body;
    }
    if (close.text !== ')' && close.text !== ']') throw new ParseError('brackets that do not match');
    if (items.length > 1) return { kind: 'tuple', open, close: close.text, items };
    if ((open === '(') !== (close.text === ')')) throw new ParseError('brackets that do not match');
    return body;
  });
}

/** \begin{…} … \end{…}: a matrix, or a system as a list of its lines. */
export function parseEnvironment(cursor: Cursor, name: string): Answer {
  return cursor.nested(() => {
    const bars = cursor.bars;
    cursor.bars = 0;
    const rows: Answer[][] = [[]];
    while (!cursor.is('close', name)) {
      if (cursor.take('row')) {
        if (rows.at(-1)!.length) rows.push([]);
      } else if (!cursor.take('cell')) rows.at(-1)!.push(parseItems(cursor));
      if (cursor.done) throw new ParseError(`${name.slice(4)} without an end`);
    }
    cursor.at++;
    cursor.bars = bars;
    const filled = rows.filter((row) => row.length > 0);
    if (/^env:(?:cases|aligned|align|gathered|split)$/.test(name)) {
      const lines = filled.map((row) => (row.length === 1 ? row[0]! : joinCells(row)));
      return lines.length === 1
        ? lines[0]!
        : { kind: 'list', items: lines.flatMap((line) => (line.kind === 'list' ? line.items : [line])) };
    }
    if (!/matrix|array/.test(name)) throw new ParseError(`${name.slice(4)} is not a form of an answer`);
    if (filled.length === 0 || filled.some((row) => row.length !== filled[0]!.length))
      throw new ParseError('a matrix whose rows differ in length');
    return { kind: 'matrix', rows: filled };
  });
}

function joinCells(row: Answer[]): Answer {
  return { kind: 'tuple', open: '(', close: ')', items: row };
}

/** @throws ParseError when the answer is a list, a set or another structure that arithmetic does not apply to. */
export function scalar(answer: Answer): Expression {
  if (isExpression(answer)) return answer;
  throw new ParseError(`a ${answer.kind} inside an expression`);
}
