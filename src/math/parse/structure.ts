import { isExpression, negative, type Answer, type Expression, type RelationOperator } from './ast';
import { Cursor } from './cursor';
import { parseSum } from './expression';
import { ParseError } from './tokens';

/** Items between separators, up to a closing bracket or the end: one answer, or a list of them. */
export function parseItems(cursor: Cursor): Answer {
  const groups: Answer[][] = [[]];
  let either = false;
  if (atEnd(cursor)) throw cursor.unexpected();
  for (;;) {
    groups.at(-1)!.push(parseRelation(cursor));
    if (!cursor.is('separator')) break;
    // ", and" is one separator; a semicolon among them is the outer one.
    let outer = false;
    while (cursor.is('separator')) {
      const { text } = cursor.next();
      either ||= text === 'or';
      // "x = 2, y = 3 or x = 3, y = 2": "or" parts pairs where each of them gives several names their values.
      outer ||= text === ';' || (text === 'or' && groups.at(-1)!.length > 1 && groups.at(-1)!.every((item) => item.kind === 'relation'));
    }
    if (atEnd(cursor)) break;
    if (outer) groups.push([]);
  }
  // "p=5, q=2; p=7, q=2": semicolons separate tuples; "1; 2; 3" is a plain list.
  const grouped = groups.length > 1 && groups.some((group) => group.length > 1);
  const items: Answer[] = grouped
    ? groups.map((group) => (group.length > 1 ? { kind: 'tuple', open: '(', close: ')', items: group } : group[0]!))
    : groups.flat();
  if (items.length === 1) return items[0]!;
  const measured = measures(items);
  if (measured && !either) return measured;
  return either ? { kind: 'list', items: shareLabel(items), or: true } : { kind: 'list', items: shareLabel(items) };
}

/** "2 hours and 30 minutes", "3 boys and 4 girls": numbers of different things are one answer. */
function measures(items: Answer[]): Answer | null {
  const parts = items.flatMap((item) => (item.kind === 'compound' ? item.parts : isExpression(item) ? [item] : []));
  const units = new Set(parts.map((part) => (part.kind === 'unit' ? part.unit : null)));
  return parts.length >= items.length && units.size === parts.length && !units.has(null) ? { kind: 'compound', parts } : null;
}

/** "n = 2, 3, 4" says n = 2, n = 3, n = 4. */
function shareLabel(items: Answer[]): Answer[] {
  const [first, ...others] = items;
  if (first?.kind !== 'relation') return items;
  if (first.operators.length === 1 && first.operators[0] === '!=' && others.every(isExpression)) {
    // "x ≠ 0, 1" excludes both.
    return [first, ...others.map((item): Answer => ({ ...first, parts: [first.parts[0]!, item] }))];
  }
  if (first.operators.some((operator) => operator !== '=')) return items;
  if (others.length === 0 || others.some((item) => item.kind === 'relation') || first.parts[0]!.kind !== 'symbol') return items;
  return [first.parts.at(-1)!, ...others];
}

function atEnd(cursor: Cursor): boolean {
  return (
    cursor.done ||
    cursor.is('close') ||
    cursor.is('infix') ||
    cursor.is('row') ||
    cursor.is('cell') ||
    (cursor.bars > 0 && cursor.is('operator', '|'))
  );
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
  return splitUnion(
    parts,
    operators.map((operator) => (operator === '~' ? '=' : operator)),
  );
}

/** "x < −1 ∪ x > 1" is a union of conditions, not a condition on a union. */
function splitUnion(parts: Answer[], operators: RelationOperator[]): Answer {
  const at = parts.findIndex((part, index) => index > 0 && index < parts.length - 1 && part.kind === 'union');
  const middle = parts[at];
  if (middle?.kind !== 'union') return { kind: 'relation', parts, operators };
  const left: Answer = { kind: 'relation', parts: [...parts.slice(0, at), middle.parts[0]!], operators: operators.slice(0, at) };
  const right = splitUnion([middle.parts.at(-1)!, ...parts.slice(at + 1)], operators.slice(at));
  return { kind: 'union', parts: [left, ...middle.parts.slice(1, -1), ...(right.kind === 'union' ? right.parts : [right])] };
}

/** Sets joined by ∪, ∩ and ∖, from the left. */
function parseUnion(cursor: Cursor): Answer {
  let left = parseRatio(cursor);
  for (;;) {
    // {1, 2} with bare braces is a set here.
    if (cursor.take('operator', 'setminus')) left = { kind: 'difference', from: asSet(left), without: asSet(parseRatio(cursor)) };
    else if (cursor.take('operator', 'cap')) left = { kind: 'intersection', parts: [asSet(left), asSet(parseRatio(cursor))] };
    else if (cursor.take('operator', 'cup')) {
      const right = asSet(parseRatio(cursor));
      left = { kind: 'union', parts: left.kind === 'union' ? [...left.parts, right] : [asSet(left), right] };
    } else if (isSet(left) && cursor.is('operator', '-') && cursor.is('open', 'set', 1)) {
      cursor.at++;
      left = { kind: 'difference', from: left, without: asSet(parseRatio(cursor)) };
    } else return left;
  }
}

const isSet = (answer: Answer): boolean => answer.kind === 'set' || (answer.kind === 'symbol' && answer.name.startsWith('set:'));
const asSet = (answer: Answer): Answer => (answer.kind === 'list' ? { kind: 'set', items: answer.items } : answer);

function parseRatio(cursor: Cursor): Answer {
  const first = parseSum(cursor);
  if (!cursor.is('operator', ':')) return first;
  if (first.kind === 'words') {
    // "Total: 36" names what it is.
    cursor.at++;
    return { kind: 'relation', parts: [{ kind: 'symbol', name: first.text.toLowerCase() }, parseUnion(cursor)], operators: ['='] };
  }
  const parts = [scalar(first)];
  while (cursor.take('operator', ':')) parts.push(scalar(parseSum(cursor)));
  return { kind: 'ratio', parts };
}

/** {a \over b}, {n \choose k}: the whole group before the sign and the whole group after it. */
export function parseInfix(cursor: Cursor, first: Answer): Answer {
  if (!cursor.is('infix')) return first;
  const { text } = cursor.next();
  const [over, under] = [scalar(first), scalar(parseItems(cursor))];
  return text === 'over' ? { kind: 'quotient', over, under } : { kind: 'call', name: 'binomial', args: [over, under] };
}

/** What stands between an opening bracket, already taken, and its closing one. */
export function parseBracket(cursor: Cursor, open: '(' | '[' | '{' | 'set'): Answer {
  return cursor.nested(() => {
    const bars = cursor.bars;
    cursor.bars = 0;
    if (open === 'set' && cursor.take('close', 'set')) return { kind: 'words', text: 'no solution' };
    const domain = open === 'set' && cursor.is('symbol') && cursor.is('relation', 'in', 1) && cursor.is('symbol', 'set:R', 2) ? 2 : 0;
    if (open === 'set' && cursor.is('symbol') && (cursor.is('operator', '|', 1 + domain) || cursor.is('operator', ':', 1 + domain))) {
      // {x | x > 1} and {x ∈ ℝ | x > 1} are the condition.
      cursor.at += 2 + domain;
      const condition = parseItems(cursor);
      cursor.bars = bars;
      if (!cursor.take('close', 'set')) throw cursor.unexpected();
      return condition;
    }
    const body = parseInfix(cursor, parseItems(cursor));
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
    const system = name === 'env:array' && filled.length > 0 && filled.every((row) => row.length === 1 && row[0]!.kind === 'relation');
    if (system || /^env:(?:cases|aligned|align|gathered|split)$/.test(name)) {
      const lines = filled.map((row) => (row.length === 1 ? row[0]! : joinCells(row)));
      return lines.length === 1
        ? lines[0]!
        : { kind: 'list', items: lines.flatMap((line) => (line.kind === 'list' ? line.items : [line])) };
    }
    if (name === 'env:vmatrix') return determinant(filled);
    if (!/matrix|array/.test(name)) throw new ParseError(`${name.slice(4)} is not a form of an answer`);
    if (filled.length === 0 || filled.some((row) => row.length !== filled[0]!.length))
      throw new ParseError('a matrix whose rows differ in length');
    return { kind: 'matrix', rows: filled };
  });
}

/** |…| of a square matrix, by its first row. */
function determinant(rows: Answer[][]): Expression {
  if (rows.length === 0 || rows.length > 4 || rows.some((row) => row.length !== rows.length))
    throw new ParseError('a determinant of this shape');
  const entries = rows.map((row) => row.map(scalar));
  const expand = (part: Expression[][]): Expression => {
    if (part.length === 1) return part[0]![0]!;
    const terms = part[0]!.map((entry, column): Expression => {
      const minor = expand(part.slice(1).map((row) => row.filter((_, other) => other !== column)));
      const term: Expression = { kind: 'product', factors: [entry, minor] };
      return column % 2 ? negative(term) : term;
    });
    return { kind: 'sum', terms };
  };
  return expand(entries);
}

function joinCells(row: Answer[]): Answer {
  return { kind: 'tuple', open: '(', close: ')', items: row };
}

/** @throws ParseError when the answer is a list, a set or another structure that arithmetic does not apply to. */
export function scalar(answer: Answer): Expression {
  if (isExpression(answer)) return answer;
  throw new ParseError(`a ${answer.kind} inside an expression`);
}
