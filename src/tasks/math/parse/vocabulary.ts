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
  min: 'minute',
  h: 'hr hrs hour',
  day: 'day',
  week: 'week',
  month: 'month',
  year: 'yr yrs year',
  cent: 'cent',
  dollar: 'dollar usd',
  euro: 'euro',
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
const LETTER_UNITS: Record<string, string> = { m: 'm', g: 'g', l: 'l', s: 's', h: 'h' };

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

const NUMBER_WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(
    ' ',
  );

/** "twelve" → 12, null for other words. */
export function numberWord(text: string): number | null {
  const at = NUMBER_WORDS.indexOf(text.toLowerCase());
  return at < 0 ? null : at;
}

/** Words that say the same: one representative per meaning. */
export function canonicalWords(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  if (/^(?:there (?:is|are) )?no (?:real )?solutions?(?: exists?)?$|^empty set$|^null set$/.test(plain)) return 'no solution';
  if (/^(?:it )?does not exist$|^dne$/.test(plain)) return 'does not exist';
  return plain.replace(/^(?:the|an?) /, '');
}
