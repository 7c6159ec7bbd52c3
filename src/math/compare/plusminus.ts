import { isExpression, mapChildren, negative, some, type Answer, type Expression } from '../parse/ast';

/** Replaces each element with ± by its two values: "1 ± √5" is the list 1 + √5, 1 − √5. All signs of one element go together. */
export function expandPlusMinus(answer: Answer): Answer {
  switch (answer.kind) {
    case 'list':
    case 'set': {
      const items = answer.items.flatMap((item) => {
        const expanded = expandPlusMinus(item);
        return expanded.kind === 'list' ? expanded.items : [expanded];
      });
      return { ...answer, items };
    }
    case 'tuple':
    case 'relation': {
      const parts = answer.kind === 'tuple' ? answer.items : answer.parts;
      if (!parts.some((part) => isExpression(part) && hasSign(part))) return answer;
      const both = ([1, -1] as const).map((sign): Answer => {
        const chosen = parts.map((part) => (isExpression(part) ? choose(part, sign) : part));
        return answer.kind === 'tuple' ? { ...answer, items: chosen } : { ...answer, parts: chosen };
      });
      return { kind: 'list', items: both };
    }
    default:
      if (!isExpression(answer) || !hasSign(answer)) return answer;
      return { kind: 'list', items: [choose(answer, 1), choose(answer, -1)] };
  }
}

const hasSign = (expression: Expression): boolean => some(expression, (node) => node.kind === 'plusminus');

function choose(expression: Expression, sign: 1 | -1): Expression {
  if (expression.kind === 'plusminus') {
    const operand = choose(expression.operand, sign);
    return expression.sign === sign ? operand : negative(operand);
  }
  return mapChildren(expression, (child) => choose(child, sign));
}
