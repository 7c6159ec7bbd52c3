import { fromUnicode } from './unicode';

/**
 * Spelling, not meaning: brings the many ways to type the same formula (Unicode signs, doubled backslashes, sizes and spaces of LaTeX,
 * dollar signs, Markdown) to one. Works on strings in linear time; what a formula means is left to the parser.
 */

/** Longest answer that is looked at, in characters. */
export const MAX_ANSWER_LENGTH = 2000;

/** Commands whose name after two backslashes shows that the text was escaped twice (a line break is never glued to these letters). */
const DOUBLED =
  /(?<!\\)\\\\(?=(?:[dtc]?frac|sqrt|left|right|[Bb]igg?[lr]?|boxed|fbox|text(?:bf|it|rm)?|mbox|math(?:rm|bf|bb|cal)|pi|theta|alpha|beta|infty|cdot|times|div|pm|mp|circ|le|ge|leq|geq|leqslant|geqslant|neq?|in|cup|cap|approx|begin|end|sin|cos|tan|log|ln|binom|lfloor|rfloor|lceil|rceil|quad|qquad|ldots|dots|overline|mathrm|operatorname|degree|emptyset)(?![a-z]))/g;

/** Stands in for "\\" while commands are rewritten, so that no rule takes its second backslash for the start of a command. */
const BREAK = '\u0002';

type Rule = readonly [pattern: RegExp, replacement: string | ((...match: string[]) => string)];

const RULES: readonly Rule[] = [
  // Frames, colours and sizes around an answer.
  [/\\(?:text)?color\s*\{[^{}]*\}|\\colorbox\s*\{[^{}]*\}|\\fcolorbox\s*\{[^{}]*\}\s*\{[^{}]*\}|\\(?:tag|label)\*?\s*\{[^{}]*\}/g, ' '],
  [
    /\\(?:boxed|fbox|framebox|ensuremath|smash|cancel|emph|tiny|scriptsize|footnotesize|small|normalsize|[lL]arge|LARGE|[hH]uge|bfseries|itshape|boldmath|centering|nonumber|hline)(?![a-zA-Z])/g,
    ' ',
  ],
  [/\\cr(?![a-zA-Z])/g, BREAK],
  // Money, then the dollar signs that only delimit formulas.
  [/\\\$/g, ' \\dollar '],
  [/\$(?=\s?\d)(?=[^$]*$)/g, ' \\dollar '],
  [/\b(?:US ?\$|USD|US \\dollar) ?(?=\.?\d)/g, ' \\dollar '],
  [/\bRs\.? ?(?=\.?\d)/g, ' \\rupee '],
  [/\bEUR ?(?=\.?\d)/g, ' \\euro '],
  [/\$/g, ' '],
  [/\+\/-|\+\/\\?−/g, '\\pm '],
  [/\\[()[\]]/g, ' '],
  // Sizes and styles.
  [/\\(?:left|right|middle)\s*\./g, ' '],
  [/\\(?:left|right|middle|[Bb]igg?[lrm]?)(?![a-zA-Z])/g, ' '],
  [
    /\\(?:displaystyle|textstyle|limits|nolimits|scriptstyle|mathstrut|strut)(?![a-zA-Z])|\\[hv]?phantom\s*\{[^{}]*\}|\\[hv]space\*?\s*\{[^{}]*\}/g,
    ' ',
  ],
  [/\\[dtc]frac(?![a-zA-Z])/g, '\\frac'],
  [/\\[dt]binom(?![a-zA-Z])/g, '\\binom'],
  // Thousands separators that can be nothing else: 1{,}234, 1,\!234, 1\,234.
  [/(\d)(?:\s*\{\s*,\s*\}|,\\!)\s*(?=\d)/g, '$1'],
  [/\{\s*,\s*\}/g, ','],
  [/(?<![\d.])\d{1,3}(?:(?:\\,|\\ |~|\\;|\\:)\d{3})+(?!\d)/g, (run) => run.replace(/\D/g, '')],
  [/(?<![\d.'])\d{1,3}(?:'\d{3})+(?![\d'])/g, (run) => run.replaceAll("'", '')],
  // The left half of a brace around a system of equations: \left\{ \begin{array}… \right.
  [/^\s*\\\{\s*(?=\\begin\b)(?![^]*\\\})/, ''],
  // Abbreviations: sq. units, ft.
  [/(?<=[a-z]{2})\.(?= [a-z]|\}|$)/g, ' '],
  [/\bo'clock\b/gi, ' '],
  // Spaces.
  [/\\[!/]/g, ''],
  [/\\[,;:> ]|~/g, ' '],
  [/\\q?quad/g, ' '],
  // Escaped signs.
  [/\\([%#_])/g, '$1'],
  [/\\&/g, '&'],
  // Degrees.
  [/\^\s*(?:\{\s*\\circ\s*\}|\\circ(?![a-zA-Z]))|\\degree(?![a-zA-Z])|\\circ\s*$/g, '°'],
  [/°\s*(?:\\text\s*\{\s*)?([CF])(?![a-zA-Z])\}?/g, (_, scale) => (scale === 'C' ? ' celsius' : ' fahrenheit')],
  // A condition on an integer parameter after the answer: "2k\\pi + 1 (k \\in \\mathbb{Z})".
  [/(?<=\S)\s*[,(]\s*[a-zA-Z]\s*\\in\s*(?:\\mathbb\s*\{?\s*|\\mathbf\s*\{\s*)?[ZN]\s*\}?(?:\s*[\^_]\s*\{?[+*]\}?)?\s*\)?[.\s]*$/, ''],
  // 3 x 10^5; (1, 2) U (3, 4).
  [/(\d) ?[xX] ?(?=\d)/g, '$1\\times '],
  [/([)\]}]) ?U ?(?=[([{\\])/g, '$1\\cup '],
  // Python and Markdown.
  [/(?<=[\w)\]}] ?)\*\*(?= ?[\w(-])/g, '^'],
  [/\*\*|`/g, ' '],
  [/\b(?:np|numpy|math|sympy)\.(?=[a-z])/g, ''],
];

/** Rewrites one answer; the result is trimmed and may be empty. */
export function normalise(text: string): string {
  let s = singleBackslashes(fromUnicode(text)).replaceAll('\\\\', BREAK);
  for (const [pattern, replacement] of RULES) s = s.replace(pattern, replacement as string);
  s = s.replaceAll(BREAK, '\\\\').replace(/\s+/g, ' ');
  // What follows the last "implies" is the conclusion.
  const conclusion = /^.*(?:\\Rightarrow|\\implies|\\Longrightarrow|\\therefore)(?![a-zA-Z])(.*\S.*)$/s.exec(s);
  return intervals(trimEnds(conclusion ? conclusion[1]! : s));
}

/** Spellings of whole answers: ]1, 2[ for (1, 2), {} for the empty set. */
function intervals(text: string): string {
  if (/^(?:\\?\{ ?\\?\})$/.test(text)) return '\\emptyset';
  if (!/^\]|\[$/.test(text)) return text;
  const outward = /(?<=^|\\cup ?)([\][]) ?([^\][]*?[,;][^\][]*?) ?([\][])(?= ?(?:\\cup|$))/g;
  const rewritten = text.replace(outward, (_, open: string, inside: string, close: string) => {
    return `${open === ']' ? '(' : '['}${inside}${close === '[' ? ')' : ']'}`;
  });
  return rewritten;
}

/** Undoes double escaping: \\frac and, outside of matrices and systems, \\( and \\%. */
function singleBackslashes(text: string): string {
  if (!text.includes('\\\\')) return text;
  const s = text.replace(DOUBLED, '\\');
  return s.includes('\\begin') ? s : s.replace(/(?<!\\)\\\\(?=[()[\]{}$%!,;])/g, '\\');
}

const LEAD = /^(?:[\s:,;=]|\\approx(?![a-z])|(?:about|approximately|approx\.?|roughly|around|exactly|precisely)(?= ))+/i;

/** Sentence marks and spaces around an answer; an exclamation mark stays, it may be a factorial. */
function trimEnds(text: string): string {
  let start = 0;
  let end = text.length;
  const lead = LEAD.exec(text);
  if (lead) start = lead[0].length;
  for (;;) {
    if (/\d\.{2,3}$/.test(text.slice(Math.max(start, end - 4), end))) break;
    if (end > start && (/[\s.,;:]/.test(text[end - 1]!) || (text[end - 1] === '\\' && text[end - 2] !== '\\'))) end--;
    else if (end - 1 > start && text.startsWith('\\\\', end - 2)) end -= 2;
    else break;
  }
  // Quotation marks and Markdown's emphasis around all of it.
  const quoted = end - start > 2 && /^(?:'[^']*'|"[^"]*"|_[^_]*_|\*[^*]*\*)$/s.test(text.slice(start, end));
  return quoted ? text.slice(start + 1, end - 1).trim() : text.slice(start, end);
}

/**
 * Joins "1,234" into "1234" where the comma can only be a thousands separator or where that is its usual reading: outside brackets, and
 * inside them only if the other commas there are followed by a space, as in (1,000, 2,000). "1 234" is joined too.
 */
export function joinThousands(text: string): string {
  text = text.replace(/(?<![\d.,^_/] ?)\b\d{1,3}(?: \d{3})+(?![\d,.]*\d)/g, (run) => run.replaceAll(' ', ''));
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
  // {x : …} and {x | …}
  const text = normalised.includes('\\{') ? normalised.replace(/\\mid(?![a-zA-Z])|:/g, '|') : normalised;
  return text
    .replace(/\\(?:text|mbox|mathrm|textbf|textrm|textit|mathbf)\s*\{([^{}]*)\}/g, '$1')
    .replace(/(\w) +(?=\w)/g, '$1\u0001')
    .replace(/ /g, '')
    .replace(/\u0001/g, ' ');
}
