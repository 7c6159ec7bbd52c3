import { rational, type Rational } from '../compare/rational';
import type { FunctionName } from './ast';

/** Names of functions, in LaTeX (after the backslash) and in plain text alike. */
export const FUNCTIONS: ReadonlyMap<string, FunctionName> = new Map<string, FunctionName>([
  ...(
    [
      'sin',
      'cos',
      'tan',
      'cot',
      'sec',
      'csc',
      'sinh',
      'cosh',
      'tanh',
      'exp',
      'cis',
      'ln',
      'log',
      'min',
      'max',
      'gcd',
      'lcm',
      'floor',
      'abs',
    ] as const
  ).map((name) => [name, name] as [string, FunctionName]),
  ['tg', 'tan'],
  ['ctg', 'cot'],
  ['cosec', 'csc'],
  ['arcsin', 'asin'],
  ['arccos', 'acos'],
  ['arctan', 'atan'],
  ['arccot', 'acot'],
  ['asin', 'asin'],
  ['acos', 'acos'],
  ['atan', 'atan'],
  ['lg', 'log'],
  ['ceil', 'ceil'],
  ['factorial', 'factorial'],
  ['binomial', 'binomial'],
]);

/** Functions that apply to what follows without brackets: \sin 2x. */
export const PREFIX_FUNCTIONS: ReadonlySet<FunctionName> = new Set<FunctionName>([
  'sin',
  'cos',
  'tan',
  'cot',
  'sec',
  'csc',
  'asin',
  'acos',
  'atan',
  'acot',
  'sinh',
  'cosh',
  'tanh',
  'exp',
  'cis',
  'ln',
  'log',
]);

export const GREEK: ReadonlySet<string> = new Set(
  'alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi rho sigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Sigma Phi Psi Omega ell'.split(
    ' ',
  ),
);

/** Canonical unit of each spelling; two different canonical units contradict each other. */
const UNIT_SPELLINGS: Record<string, string> = {
  mm: 'mm millimeter millimetre',
  cm: 'cm centimeter centimetre',
  m: 'meter metre',
  km: 'km kilometer kilometre',
  in: 'inch inches',
  ft: 'ft foot feet',
  yd: 'yd yard',
  mi: 'mile',
  mg: 'mg milligram',
  g: 'gram',
  kg: 'kg kilogram',
  lb: 'lb lbs pound',
  oz: 'oz ounce',
  ml: 'ml milliliter millilitre',
  l: 'liter litre',
  gal: 'gallon',
  s: 'sec second',
  min: 'min minute',
  h: 'hr hrs hour',
  day: 'day',
  week: 'week',
  month: 'month',
  year: 'yr yrs year',
  cent: 'cent',
  dollar: 'dollar usd',
  euro: 'euro',
  yen: 'yen',
  rupee: 'rupee',
  degree: 'degree',
  celsius: 'celsius',
  fahrenheit: 'fahrenheit',
  rad: 'rad radian',
};

const UNITS = new Map<string, string>();
for (const [unit, spellings] of Object.entries(UNIT_SPELLINGS)) {
  for (const spelling of spellings.split(' ')) {
    UNITS.set(spelling, unit);
    UNITS.set(`${spelling}s`, unit);
  }
}

/** Units of one letter, where it is clear that a unit is meant. */
const LETTER_UNITS: Record<string, string> = { m: 'm', g: 'g', l: 'l', s: 's', h: 'h', in: 'in' };

/** The canonical unit that a text names, or null for words that are no unit of measure ("apples", "square units"). */
export function canonicalUnit(text: string): string | null {
  const words =
    text
      .toLowerCase()
      .replace(/\bsquare\s+(\w+)/g, '$1^2')
      .replace(/\bcubic\s+(\w+)/g, '$1^3')
      .replace(/\bmph\b/g, 'mile/h')
      .replace(/\bkmh\b|\bkph\b/g, 'km/h')
      .replace(/\bper\b/g, '/')
      .match(/[a-z]+|[\^/]\s*-?\d*/g) ?? [];
  const parts: string[] = [];
  for (const word of words) {
    if (/^[a-z]/.test(word)) {
      const unit = UNITS.get(word) ?? LETTER_UNITS[word];
      if (unit) parts.push(unit);
      else if (parts.length === 0) return null;
    } else if (parts.length) parts.push(word.replace(/\s/g, ''));
  }
  return parts.length ? parts.join('').replace(/\/$/, '') : null;
}

/** Plain letters that are a word and not a product of variables: a unit, or four letters and more with a vowel ("weeks", not "abc"). */
export function isWord(letters: string): boolean {
  if (letters === 'DNE' || letters === 'USD') return true;
  if (!/^[A-Za-z]?[a-z]+$/.test(letters)) return false;
  if (letters.length > 1 && UNITS.has(letters.toLowerCase())) return true;
  if (/^(?:no|yes|odd|all|any|not|for|the|per|one|two|six|ten|none|units?|sq|mph|kmh|kph|true|man|men)$/i.test(letters)) return true;
  return letters.length >= 4 && /[aeiouy]/i.test(letters);
}

/** Words that multiply the number before them. */
export const MULTIPLIERS: ReadonlyMap<string, bigint> = new Map([
  ['dozen', 12n],
  ['hundred', 100n],
  ['thousand', 1000n],
  ['million', 10n ** 6n],
  ['billion', 10n ** 9n],
  ['trillion', 10n ** 12n],
]);

const NUMBER_WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );

const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const PARTS: Record<string, bigint> = {
  half: 2n,
  third: 3n,
  quarter: 4n,
  fourth: 4n,
  fifth: 5n,
  sixth: 6n,
  seventh: 7n,
  eighth: 8n,
  ninth: 9n,
  tenth: 10n,
};

/** "twelve" → 12, "twenty-one", "one hundred and five", "two thirds", "half"; null for other words. */
export function numberWord(text: string): Rational | null {
  const words = text
    .toLowerCase()
    .replace(/^an? (?=half|third|quarter|dozen|hundred|thousand|million)/, 'one ')
    .replace(/^half$/, 'one half')
    .replace(/\band\b|-/g, ' ')
    .trim()
    .split(/\s+/);
  const last = words
    .at(-1)!
    .replace(/^halves$/, 'half')
    .replace(/s$/, '');
  const part = words.length > 1 ? PARTS[last] : undefined;
  if (part !== undefined) words.pop();
  // `total` holds finished groups of thousands and more, `group` the hundreds that are being read.
  let [total, group, unit] = [0n, 0n, 1000n];
  for (const word of words) {
    const small = NUMBER_WORDS.indexOf(word);
    const ten = TENS.indexOf(word);
    const factor = MULTIPLIERS.get(word);
    if (small >= 0 && (unit > 20n || (unit > 9n && small < 10 && small > 0))) [group, unit] = [group + BigInt(small), 1n];
    else if (ten >= 0 && unit > 20n) [group, unit] = [group + BigInt(10 * (ten + 2)), 10n];
    else if (factor !== undefined && group > 0n) {
      if (factor < 1000n) [group, unit] = [group * factor, 100n];
      else [total, group, unit] = [total + group * factor, 0n, 1000n];
    } else return null;
  }
  return rational(total + group, part ?? 1n);
}

/** Words that say the same: one representative per meaning. */
export function canonicalWords(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  if (
    /^(?:there (?:is|are|exists?) )?no (?:real |such )?(?:solutions?|values?|roots?)(?: exists?)?$|^(?:the )?(?:empty|null) set$|^no such (?:number|integer|triangle|function|point)s?(?: exists?)?$/.test(
      plain,
    )
  )
    return 'no solution';
  if (/^(?:it |the limit )?(?:does not|doesn t) exist$|^dne$/.test(plain)) return 'does not exist';
  return canonicalDate(plain) ?? plain.replace(/^(?:the|an?) /, '');
}

const MONTHS = 'january february march april may june july august september october november december'.split(' ');

/** "October 12", "12 October", "Oct. 12th, 1776" as one spelling, or null. */
function canonicalDate(plain: string): string | null {
  const words = plain.split(' ');
  if (words.length < 2 || words.length > 4) return null;
  const at = words.findIndex(
    (word) => word.length >= 3 && MONTHS.some((month) => month === word || (month.startsWith(word) && word.length <= 4)),
  );
  const others = words
    .filter((word, index) => index !== at && word !== 'of' && word !== 'the')
    .map((word) => word.replace(/(?<=\d)(?:st|nd|rd|th)$/, ''));
  if (at < 0 || others.length === 0 || !others.every((word) => /^\d{1,4}$/.test(word))) return null;
  return [MONTHS.find((month) => month.startsWith(words[at]!))!, ...others].join(' ');
}
