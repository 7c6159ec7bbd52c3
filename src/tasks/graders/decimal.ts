/** Decimal numbers, exactly: digits · 10^exponent. */

export interface Decimal {
  digits: bigint;
  exponent: number;
}

const LONGEST = 400;
const NUMBER = /^([+-]?)(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d{1,4}))?$/;
const GROUPED = /^[+-]?\d{1,3}(?:,\d{3})+(?![\d,])/;

/** "-1,234.50", "3e-4", ".5", "−2"; null for anything else or beyond 400 digits. */
export function parseDecimal(text: string): Decimal | null {
  let plain = text.trim().replace(/^[−–]/, '-');
  if (plain.length > LONGEST) return null;
  if (GROUPED.test(plain)) plain = plain.replace(/,/g, '');
  const match = NUMBER.exec(plain);
  if (!match) return null;
  const [, sign, whole, fraction = '', power = '0'] = match;
  if (whole === '' && fraction === '') return null;
  const digits = BigInt(`${whole}${fraction}` || '0') * (sign === '-' ? -1n : 1n);
  return normal({ digits, exponent: Number(power) - fraction.length });
}

/** Without trailing zeros, so that equal numbers have equal parts. */
function normal({ digits, exponent }: Decimal): Decimal {
  if (digits === 0n) return { digits: 0n, exponent: 0 };
  const text = digits.toString();
  const zeros = text.length - text.replace(/0+$/, '').length;
  return { digits: BigInt(text.slice(0, text.length - zeros)), exponent: exponent + zeros };
}

export const sameDecimal = (a: Decimal, b: Decimal): boolean => a.digits === b.digits && a.exponent === b.exponent;
export const toNumber = ({ digits, exponent }: Decimal): number => Number(`${digits}e${exponent}`);

/** Numbers inside a text, as written. Each part of the pattern is bounded: linear in the text. */
export const NUMBER_IN_TEXT =
  /(?<![\w.,])[+\-−]?(?:\d{1,3}(?:,\d{3}){1,20}(?![\d,]*\d)|\d{1,300})(?:\.\d{1,300})?(?:[eE][+-]?\d{1,4})?|(?<![\w.])[+\-−]?\.\d{1,300}/gu;
