import { parseAnswer } from '../parse';
import { joinThousands, normalise } from '../normalise';

/** Where a phrase that announces an answer ends; the last one counts. Each alternative is one documented rule. */
const ANNOUNCEMENTS: readonly RegExp[] = [
  // "The final answer is …", "The answer should be: …", "the solution is …"
  /\b(?:final\s+)?(?:answer|solution|result)s?(?:\s+(?:to|of|for)\s+[^.\n$]{1,60}?)?\s*(?:is|are|was|equals|(?:should|must|would|will)\s+be)\s*:?\s*/gi,
  // "Final Answer: …", "**Answer** …"
  /\b(?:final\s+)?answer\s*(?:\*\*)?\s*[:=]\s*(?:\*\*)?\s*/gi,
  /^[\s#*✅]*(?:final\s+)?answer\s*(?:\*\*)?\s*(?=[$\\\n*\d-])/gim,
  // "The correct option is B"
  /\b(?:correct|right|best)\s+(?:option|choice)\s*(?:is|:)\s*/gi,
  /\bAns(?:wer)?\s*[.:=]\s*/g,
  // The same in other languages.
  /(?:最终)?答案\s*(?:是|为|為|[:：])\s*[:：]?\s*|答え?\s*(?:は|[:：])\s*|(?:정답|답)(?:은|:|：)\s*/g,
  /\b(?:la (?:respuesta|réponse|solución|solution)(?: finale?)? es?t?|die (?:antwort|lösung) (?:ist|lautet)|a resposta é|la risposta è|(?:respuesta|réponse|antwort|lösung|resposta|risposta)(?: final[e]?)?)\s*:?\s*(?=[-+\d$\\(*])/gi,
  /(?<!\p{L})ответ\s*[:：—–-]?\s*/giu,
  // "A: …" at the start of a line, as GSM8K's own models write
  /^\s*A\s*:\s*/gm,
];

/** The text after the last announcement of an answer, or null. */
export function afterAnnouncement(text: string): string | null {
  let start = -1;
  for (const rule of ANNOUNCEMENTS) {
    for (const match of text.matchAll(rule)) start = Math.max(start, match.index + match[0].length);
  }
  return start < 0 ? null : text.slice(start);
}

/** The answer at the beginning of `rest`, which follows an announcement. */
export function announcedAnswer(rest: string): string | null {
  const text = rest.replace(/^[\s*_:]+/, '');
  const math = leadingMath(text);
  if (math !== null) return math;
  // "10, not 11": what the answer is not; "5です": the end of a Japanese sentence.
  const sentence = firstSentence(text)
    .replace(/,? (?:and )?(?:not|rather than|instead of) .*$/, '')
    .replace(/(?:です|입니다)?[。.]?$/, '');
  if (!sentence) return null;
  return isBareAnswer(sentence) ? sentence : (closingValue(sentence) ?? leadingValue(sentence));
}

const DELIMITERS: readonly (readonly [string, string])[] = [
  ['$$', '$$'],
  ['\\[', '\\]'],
  ['\\(', '\\)'],
  ['$', '$'],
];

/** Formulas in delimiters at the very start, with those that "," or "and" joins to them. */
function leadingMath(text: string): string | null {
  let at = 0;
  let end = 0;
  for (;;) {
    const formula = formulaAt(text, at);
    if (formula === null) break;
    end = formula;
    const joint = /^(?:\s*(?:,|;|and|or)\s*)+/.exec(text.slice(end, end + 20))?.[0] ?? '';
    at = end + joint.length;
    if (!joint) break;
  }
  if (end === 0) return null;
  // A unit after the formula belongs to it: "$5$ cm".
  const tail = /^[ ]?%|^[ ]\p{L}+(?=[.,\s]*(?:\n|$))/u.exec(text.slice(end, end + 30))?.[0] ?? '';
  return text.slice(0, end) + tail;
}

/** The end of the formula that opens at `at`, or null. A dollar sign before a digit without a partner is money. */
function formulaAt(text: string, at: number): number | null {
  for (const [open, close] of DELIMITERS) {
    if (!text.startsWith(open, at)) continue;
    let end = text.indexOf(close, at + open.length);
    // \$ inside a formula is money, not its end.
    while (close === '$' && end > 0 && text[end - 1] === '\\') end = text.indexOf(close, end + 1);
    if (end > at + open.length && (open.length > 1 || !/\n\s*\n/.test(text.slice(at, end)))) return end + close.length;
  }
  return null;
}

/** Every formula in delimiters, in order. */
export function formulas(text: string): { content: string; end: number }[] {
  const found: { content: string; end: number }[] = [];
  for (let at = 0; at < text.length;) {
    const end = text[at] === '$' || text[at] === '\\' ? formulaAt(text, at) : null;
    if (end !== null) found.push({ content: text.slice(at, end), end });
    at = end ?? at + 1;
  }
  return found;
}

/** Up to the end of the first sentence or line; points inside numbers and formulas do not count. */
function firstSentence(text: string): string {
  const line = text.split('\n', 1)[0]!;
  const end = /[.!?](?=\s+[A-Z]|\s*$)|(?<=\d)\.(?=\*)/.exec(line);
  return (end && !/[!]/.test(end[0]) ? line.slice(0, end.index) : line).replace(/[\s*_]+$/, '').trim();
}

/** The last sentence of a text. */
export function lastSentence(text: string): string {
  const trimmed = text.replace(/[\s*_]+$/, '');
  const paragraph = trimmed.slice(trimmed.lastIndexOf('\n\n') + 1);
  const starts = [...paragraph.matchAll(/[.!?]["')]?\s+(?=[A-Z])/g)];
  const last = starts.at(-1);
  return (last ? paragraph.slice(last.index + last[0].length) : paragraph).trim();
}

const TIME = String.raw`\d{1,2}:[0-5]\d(?:\s?[ap]\.?m\b\.?)?`;
const VALUE = String.raw`(?=[-+\s\\$€£]*\.?\d)[-+]?\s?(?:\\?[$€£])?\s?(?:\d{1,3}(?:,\d{3})+|\d+)?(?:\.\d+)?(?:\s\d+\/\d+|\/\d+)?\s?(?:\\?%|°|[€£])?`;
const CLOSING_LENGTH = 160;
const CLOSING_VALUE = new RegExp(
  String.raw`\b(?:it's|is|are|be|by|of|to|at|equals?|was|were|in|only|about|exactly|total|gets?|gives?|gives us|obtains?|yields?|have|has|takes?|makes?)\s*:?\s*[*_]*(${TIME}|${VALUE})[*_]*\s*(\p{L}[\p{L}\d ²³/^]{0,30})?[.!\s*_]*$`,
  'iu',
);

/** The value that a sentence ends with: its last formula, "= …", or a number after "is", "by", "of" … with its unit. */
export function closingValue(sentence: string): string | null {
  const formula = formulas(sentence).at(-1);
  // Only the end is searched: the pattern is anchored there and would start at every sign of a long text.
  const cut = Math.max(0, sentence.length - CLOSING_LENGTH);
  const number = CLOSING_VALUE.exec(sentence.slice(cut));
  if (number && /\d/.test(number[1]!) && (!formula || cut + number.index >= formula.end)) return withUnit(number[1]!, number[2]);
  if (formula) return formula.content;
  const plain = closingFormula(sentence);
  if (plain) return plain;
  const equals = sentence.lastIndexOf('=');
  const after =
    equals < 0
      ? ''
      : sentence
          .slice(equals + 1)
          .replace(/[.\s*]+$/, '')
          .trim();
  return after && isBareAnswer(after) ? after : null;
}

/** More than three words after a number are no unit but the rest of the sentence. */
function withUnit(value: string, words: string | undefined): string {
  return words && words.split(' ').length <= 3 ? `${value} ${words}` : value;
}

/** LaTeX without delimiters after "is" or "equals": "The probability is \\frac{1}{2}." */
function closingFormula(sentence: string): string | null {
  const after = /^.*\b(?:is|are|be|equals?)\s*:?\s*([-+(]?\s*\\.*)$/s.exec(sentence)?.[1]?.replace(/[.\s*]+$/, '');
  return after && isBareAnswer(after) ? after : null;
}

const CONCLUSION = /^(?:so|therefore|thus|hence|consequently|in total|altogether|in conclusion)\b/i;

/** The one number of a last sentence that concludes ("So Janet makes $18 every day at the market."); null where there are more. */
export function onlyNumber(sentence: string): string | null {
  if (!CONCLUSION.test(sentence)) return null;
  const found = [...sentence.matchAll(/(?<![\w.,])[-−]?(?:\\?[$€£])?\d[\d,]*(?:\.\d+)?(?:\/\d+)?%?(?![\w])/g)];
  return found.length === 1 ? found[0]![0].replace(/,$/, '') : null;
}

/** "Thus, 7 is the answer.", "option B is correct": the answer before the words that call it one. */
export function answerBefore(sentence: string): string | null {
  const value =
    /(?:^|[\s,])([-+]?[\d.,/]+%?|\$[^$]+\$)\s+is\s+(?:the|our|my)\s+(?:final\s+|correct\s+)?(?:answer|solution|result)\W*$/i.exec(
      sentence,
    )?.[1];
  if (value) return value.replace(/^,|,$/g, '');
  return /\b(?:option|choice|answer)\s+\(?([A-J])\)?\s+is\s+(?:the\s+)?(?:correct|right|best|answer)/.exec(sentence)?.[1] ?? null;
}

/** A number that a sentence starts with. */
function leadingValue(sentence: string): string | null {
  const match = new RegExp(`^[*_]*(${VALUE})(?![\\d/^.(])`).exec(sentence);
  return match && /\d/.test(match[1]!) ? match[1]! : null;
}

/** The last number anywhere; only used where the reader asked for it. */
export function lastNumber(text: string): string | null {
  let last: string | null = null;
  for (const match of text.matchAll(/[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?:\/\d+)?%?/g)) last = match[0];
  return last;
}

const PROSE_WORDS =
  /\b(?:is|are|the|was|because|since|therefore|answer|has|have|so|which|we|that|cannot|can|don|know|unsure|sorry|unable)\b/i;

/** Whether a text is an answer by itself and not prose around one. */
export function isBareAnswer(text: string): boolean {
  const trimmed = text.trim();
  // "It takes 5 hours": several words before a number are a sentence.
  if (/^[A-Za-z]{2,}(?: [A-Za-z]+)+ [-+$]?\d/.test(trimmed.replace(/^a(?= )/, 'an')) && !/ and |, /.test(trimmed)) return false;
  if (trimmed.length > 400 || /[.!?]\s+[A-Z]/.test(trimmed)) return false;
  // Lines break inside one formula, not between answers.
  if (/\n/.test(trimmed) && !/^(?:\$\$|\\\[|\\begin|\\left|\\\()/.test(trimmed)) return false;
  const inFormulas = formulas(trimmed);
  const outside = inFormulas.reduce((rest, { content }) => rest.replace(content, ' '), trimmed);
  if (inFormulas.length > 0) {
    // Formulas may be joined and may carry a unit: "$1$ and $2$", "$5$ cm".
    return /^(?:[\s,;.%]|\b(?:and|or)\b)*(?:\p{L}+(?:\s\p{L}+)?)?[\s.]*$/u.test(outside) && trimmed.startsWith(inFormulas[0]!.content);
  }
  const prose =
    outside.replace(/\\(?:text|mbox|textbf|mathrm|operatorname|begin|end)\s*\{[^{}]*\}|\\[a-zA-Z]+/g, ' ').match(/[A-Za-z]{2,}/g) ?? [];
  if (PROSE_WORDS.test(prose.join(' '))) return false;
  if (prose.length <= 3) return true;
  try {
    parseAnswer(joinThousands(normalise(text)));
    return true;
  } catch {
    return false;
  }
}
