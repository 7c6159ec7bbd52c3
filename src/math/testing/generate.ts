import fc from 'fast-check';

/** An expression in x and y with its value, made together. */
export interface Expression {
  latex: string;
  value: (x: number, y: number) => number;
}

/** Random LaTeX of small depth: sums, products, quotients, powers, roots and functions of x, y, π and small integers. */
export function randomLatex(): fc.Arbitrary<Expression> {
  const leaf: fc.Arbitrary<Expression> = fc.oneof(
    fc.integer({ min: 1, max: 12 }).map((n): Expression => ({ latex: String(n), value: () => n })),
    fc.constantFrom<Expression>(
      { latex: 'x', value: (x) => x },
      { latex: 'y', value: (_, y) => y },
      { latex: '\\pi', value: () => Math.PI },
    ),
  );
  const grow = (depth: number): fc.Arbitrary<Expression> => {
    if (depth === 0) return leaf;
    const part = grow(depth - 1);
    const two = (make: (a: Expression, b: Expression) => Expression): fc.Arbitrary<Expression> =>
      fc.tuple(part, part).map(([a, b]) => make(a, b));
    return fc.oneof(
      leaf,
      two((a, b) => ({ latex: `${a.latex}+${b.latex}`, value: (x, y) => a.value(x, y) + b.value(x, y) })),
      two((a, b) => ({ latex: `${a.latex}-\\left(${b.latex}\\right)`, value: (x, y) => a.value(x, y) - b.value(x, y) })),
      two((a, b) => ({ latex: `(${a.latex})(${b.latex})`, value: (x, y) => a.value(x, y) * b.value(x, y) })),
      two((a, b) => ({ latex: `\\frac{${a.latex}}{${b.latex}}`, value: (x, y) => quotient(a.value(x, y), b.value(x, y)) })),
      fc
        .tuple(part, fc.integer({ min: 2, max: 4 }))
        .map(([a, k]): Expression => ({ latex: `(${a.latex})^{${k}}`, value: (x, y) => a.value(x, y) ** k })),
      part.map((a): Expression => ({ latex: `\\sqrt{(${a.latex})^{2}+1}`, value: (x, y) => Math.sqrt(a.value(x, y) ** 2 + 1) })),
      part.map((a): Expression => ({ latex: `\\sin(${a.latex})`, value: (x, y) => Math.sin(a.value(x, y)) })),
    );
  };
  // An expression without any value (a division by x − x) says nothing.
  return grow(3).filter(({ value }) => [0.37, 1.91, 2.63].every((x) => Math.abs(value(x, x * 1.7)) < 1e6));
}

/** Other spellings of the same signs: which of them are used is decided by the seed. */
const SPELLINGS: readonly (readonly [RegExp, string])[] = [
  [/\\frac/g, '\\dfrac'],
  [/\\left\(/g, '('],
  [/\\right\)/g, ')'],
  [/\\pi/g, 'π'],
  [/\)\(/g, ')\\cdot('],
  [/\)\(/g, ') * ('],
  [/\^\{(\d)\}/g, '^$1'],
  [/\^\{(\d)\}/g, '**$1'],
  [/\\sqrt/g, '\\sqrt '],
  [/\+/g, ' + '],
  [/-/g, ' − '],
  [/\(/g, '\\bigl('],
  [/\)(?!\^)/g, '\\bigr)'],
  [/\\sin/g, '\\sin\\,'],
];

export function respell(latex: string, seed: number): string {
  let text = latex;
  SPELLINGS.forEach(([pattern, replacement], bit) => {
    if ((seed >> bit) & 1) text = text.replace(pattern, replacement);
  });
  return text;
}

/** NaN by what is zero, also deep inside: an expression without a value is nobody's to judge, and 1/(1/0) has none although IEEE 754 says 0. */
const quotient = (a: number, b: number): number => (Math.abs(b) < 1e-9 ? NaN : a / b);
