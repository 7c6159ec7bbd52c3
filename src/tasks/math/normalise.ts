/**
 * Spelling, not meaning: brings the many ways to type the same formula (Unicode signs, doubled backslashes, sizes and spaces of LaTeX,
 * dollar signs, Markdown) to one. Works on strings in linear time; what a formula means is left to the parser.
 */

/** Longest answer that is looked at, in characters. */
export const MAX_ANSWER_LENGTH = 4000;

const UNICODE: Record<string, string> = {
  '−': '-',
  '–': '-',
  '—': '-',
  '﹣': '-',
  '‐': '-',
  '‑': '-',
  '×': '\\times ',
  '✕': '\\times ',
  '·': '\\cdot ',
  '⋅': '\\cdot ',
  '∙': '\\cdot ',
  '∗': '*',
  '÷': '/',
  '∕': '/',
  '⁄': '/',
  '∶': ':',
  '±': '\\pm ',
  '∓': '\\mp ',
  '∞': '\\infty ',
  '°': '^\\circ ',
  º: '^\\circ ',
  '˚': '^\\circ ',
  '≤': '\\le ',
  '⩽': '\\le ',
  '≥': '\\ge ',
  '⩾': '\\ge ',
  '≠': '\\ne ',
  '≈': '\\approx ',
  '∈': '\\in ',
  '∪': '\\cup ',
  '∅': '\\emptyset ',
  '√': '\\sqrt ',
  '∛': '\\sqrt[3]',
  ℝ: '\\mathbb{R}',
  ℤ: '\\mathbb{Z}',
  '′': "'",
  '’': "'",
  '‘': "'",
  '“': '"',
  '”': '"',
  π: '\\pi ',
  α: '\\alpha ',
  β: '\\beta ',
  γ: '\\gamma ',
  δ: '\\delta ',
  θ: '\\theta ',
  λ: '\\lambda ',
  μ: '\\mu ',
  σ: '\\sigma ',
  φ: '\\phi ',
  ω: '\\omega ',
  Δ: '\\Delta ',
  Ω: '\\Omega ',
  '½': '\\frac{1}{2}',
  '⅓': '\\frac{1}{3}',
  '⅔': '\\frac{2}{3}',
  '¼': '\\frac{1}{4}',
  '¾': '\\frac{3}{4}',
  '⅕': '\\frac{1}{5}',
  '⅛': '\\frac{1}{8}',
  '⌊': '\\lfloor ',
  '⌋': '\\rfloor ',
  '⌈': '\\lceil ',
  '⌉': '\\rceil ',
  '⟨': '(',
  '⟩': ')',
  '，': ',',
  '；': ';',
  '：': ':',
  '。': '.',
  '\u00a0': ' ',
  '\u2009': ' ',
  '\u202f': ' ',
  '\u2002': ' ',
  '\u2003': ' ',
  '\u2061': '',
  '\u2062': '',
  '\u200b': '',
  '\u200c': '',
  '\u200d': '',
  '\ufeff': '',
};

const SUPERSCRIPTS = '⁰¹²³⁴⁵⁶⁷⁸⁹';
const SUBSCRIPTS = '₀₁₂₃₄₅₆₇₈₉';

/** Commands whose name after two backslashes shows that the text was escaped twice (a line break is never glued to these letters). */
const DOUBLED =
  /(?<!\\)\\\\(?=(?:[dtc]?frac|sqrt|left|right|[Bb]igg?[lr]?|boxed|fbox|text(?:bf|it|rm)?|mbox|math(?:rm|bf|bb|cal)|pi|theta|alpha|beta|infty|cdot|times|div|pm|mp|circ|le|ge|leq|geq|leqslant|geqslant|neq?|in|cup|cap|approx|begin|end|sin|cos|tan|log|ln|binom|lfloor|rfloor|lceil|rceil|quad|qquad|ldots|dots|overline|mathrm|operatorname|degree|emptyset)(?![a-z]))/g;

/** Rewrites one answer; the result is trimmed and may be empty. */
export function normalise(text: string): string {
  let s = /[^\x20-\x7e]/.test(text) ? fromUnicode(text) : text;
  s = s.replace(DOUBLED, '\\').replace(/\\\\(?=[()[\]{}$%!,;])/g, (whole, at: number) => doubledPunctuation(s, at, whole));
  s = s
    .replace(/\\\$/g, ' \\dollar ')
    .replace(/\$(?=\s?\d)(?=[^$]*$)/g, ' \\dollar ')
    .replace(/\$/g, ' ');
  s = s.replace(/(?<!\\)\\[()[\]](?!\d*(?:pt|ex|em|mm))/g, ' ');
  s = s.replace(/\\(?:left|right|middle)\s*\./g, ' ').replace(/\\(?:left|right|middle|[Bb]igg?[lrm]?)(?![a-zA-Z])/g, ' ');
  s = s.replace(/\\(?:displaystyle|textstyle|limits|nolimits|scriptstyle|mathstrut|strut|phantom\{[^{}]*\})(?![a-zA-Z])/g, ' ');
  s = s.replace(/\\[dtc]frac(?![a-zA-Z])/g, '\\frac').replace(/\\[dt]binom(?![a-zA-Z])/g, '\\binom');
  s = s
    .replace(/\{,\}/g, '\u0001')
    .replace(/,\\!\s*/g, '\u0001')
    .replace(/(\d)\u0001\s*(?=\d)/g, '$1')
    .replace(/\u0001/g, ',');
  s = s.replace(
    /(?<![\d.])(\d{1,3})((?:(?:\\,|\\ |~|\\;|\\:)\d{3})+)(?!\d)/g,
    (_, head: string, tail: string) => head + tail.replace(/\D/g, ''),
  );
  s = s
    .replace(/\\[!/]/g, '')
    .replace(/\\[,;:> ]|~/g, ' ')
    .replace(/\\(?:quad|qquad)/g, ' ')
    .replace(/\\[hv]space\*?\{[^{}]*\}/g, ' ');
  s = s
    .replace(/\\%/g, '%')
    .replace(/\\#/g, '#')
    .replace(/\\&(?!\w)/g, '&')
    .replace(/\\_/g, '_');
  s = s.replace(/\^\s*(?:\{\s*\\circ\s*\}|\\circ(?![a-zA-Z]))|\\degree(?![a-zA-Z])|\\circ\s*$/g, '°');
  s = s.replace(/°\s*(?:\\text\{\s*)?([CF])(?![a-zA-Z])\}?/g, (_, scale: string) => (scale === 'C' ? ' celsius' : ' fahrenheit'));
  s = s
    .replace(/\*\*(?=\s*[\d({])/g, '^')
    .replace(/\*\*|`/g, ' ')
    .replace(/\b(?:np|numpy|math|sympy)\.(?=[a-z])/g, '');
  return trimEnds(s.replace(/\s+/g, ' '));
}

function doubledPunctuation(text: string, at: number, whole: string): string {
  // In a matrix or system "\\" is a line break, whatever follows it.
  return text.includes('\\begin') || text[at - 1] === '\\' ? whole : '\\';
}

function fromUnicode(text: string): string {
  let s = text.replace(/[\uff01-\uff5e]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  s = s.replace(/[⁰¹²³⁴-⁹]+/g, (run) => `^{${[...run].map((c) => SUPERSCRIPTS.indexOf(c)).join('')}}`);
  s = s.replace(/[₀-₉]+/g, (run) => `_{${[...run].map((c) => SUBSCRIPTS.indexOf(c)).join('')}}`);
  s = s.replace(/√(\d+|[a-zA-Z])/g, '\\sqrt{$1}');
  return s.replace(/[^\x20-\x7e]/g, (c) => UNICODE[c] ?? c);
}

/** Sentence marks and spaces around an answer; an exclamation mark stays, it may be a factorial. */
function trimEnds(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && /[\s:,;]/.test(text[start]!)) start++;
  while (end > start && /[\s.,;:]/.test(text[end - 1]!)) end--;
  return text.slice(start, end);
}

/**
 * Joins "1,234" into "1234" where the comma can only be a thousands separator or where that is its usual reading: outside brackets, and
 * inside them only if the other commas there are followed by a space, as in (1,000, 2,000).
 */
export function joinThousands(text: string): string {
  let depth = 0;
  let at = 0;
  let out = '';
  const spaced = /, /.test(text);
  for (const match of text.matchAll(/[([{]|[)\]}]|(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d,])/g)) {
    const piece = match[0];
    if (/[([{]/.test(piece)) depth++;
    else if (/[)\]}]/.test(piece)) depth--;
    else if (depth <= 0 || spaced) {
      out += text.slice(at, match.index) + piece.replaceAll(',', '');
      at = match.index + piece.length;
    }
  }
  return out + text.slice(at);
}

/** A key under which two texts are the same answer without any mathematics: spaces that separate nothing are gone. */
export function spellingKey(normalised: string): string {
  return normalised
    .replace(/\\(?:text|mbox|mathrm|textbf|textrm|textit|mathbf)\s*\{([^{}]*)\}/g, '$1')
    .replace(/(\w) +(?=\w)/g, '$1\u0001')
    .replace(/ /g, '')
    .replace(/\u0001/g, ' ');
}
