/** Tells formulas and text apart in answers, which may be LaTeX with or without dollar signs, or plain words. */

export interface Segment {
  kind: 'text' | 'formula';
  text: string;
}

/** Longer formulas are shown as text, because typesetting them would block the page. */
const MAX_LENGTH = 1500;

const DELIMITED = /\$\$([^$]+)\$\$|(?<!\\)\$([^$\n]+)\$|\\\(([^]+?)\\\)|\\\[([^]+?)\\\]/g;
/** Unicode's invisible direction marks, which would reorder the signs around them. */
const DIRECTION_MARKS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Cuts an answer into text and formulas, in order. Joined, they are the answer. */
export function segments(answer: string): Segment[] {
  const clean = answer.replace(DIRECTION_MARKS, '');
  if (clean.length > MAX_LENGTH) return [{ kind: 'text', text: clean }];
  const found: Segment[] = [];
  let at = 0;
  for (const match of clean.matchAll(DELIMITED)) {
    if (match.index > at) found.push({ kind: 'text', text: clean.slice(at, match.index) });
    found.push({ kind: 'formula', text: match.slice(1).find((group) => group !== undefined)! });
    at = match.index + match[0].length;
  }
  const rest = clean.slice(at);
  if (rest) found.push({ kind: at === 0 && isFormula(rest) ? 'formula' : 'text', text: rest });
  return found;
}

/** True for LaTeX, and for signs and letters without words. Letters outside the Latin and Greek scripts are always text. */
function isFormula(text: string): boolean {
  if (/[<>]\s*\/?[a-z]+[^<>]*>|\p{Script=Arabic}|\p{Script=Hebrew}|\p{Script=Han}|\p{Script=Hangul}|\p{Script=Cyrillic}/iu.test(text))
    return false;
  if (/\\[a-zA-Z]/.test(text)) return true;
  return /[\d=^_+*/<>|]/.test(text) ? !/[A-Za-z]{3,}/.test(text) : /^[A-Za-z]$/.test(text.trim());
}

/** Escapes % and $, which TeX would read as a comment and as the end of the formula. */
const escaped = (tex: string): string => tex.replace(/(?<!\\)[%$#]/g, '\\$&').replace(/\\\$\\\$/g, '');

/** Fetches KaTeX with its style sheet and fonts when the first formula is shown. */
async function typesetter(): Promise<typeof import('katex').default> {
  const [{ default: katex }] = await Promise.all([import('katex'), import('katex/dist/katex.min.css')]);
  return katex;
}

/** For `{@attach typeset(tex)}`: replaces the element's text by the typeset formula. Where that fails, the element shows `source`. */
export function typeset(tex: string, source = tex, displayMode = false) {
  return (element: HTMLElement): (() => void) => {
    let wanted = true;
    typesetter()
      .then((katex) => {
        if (!wanted) return;
        // KaTeX builds elements, so nothing of the answer is parsed as HTML. Links, pictures and endless macros are refused.
        katex.render(escaped(tex), element, { displayMode, trust: false, strict: false, throwOnError: true, maxSize: 10, maxExpand: 100 });
      })
      .catch(() => {
        if (wanted) element.textContent = source;
      });
    return () => (wanted = false);
  };
}

/** As `typeset`, but only once the element is near the window, so that KaTeX is not fetched before a reader needs it. */
export function typesetNear(tex: string, displayMode = false) {
  return (element: HTMLElement): (() => void) => {
    let forget = (): void => undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting)) return;
        observer.disconnect();
        forget = typeset(tex, tex, displayMode)(element);
      },
      { rootMargin: '300px' },
    );
    observer.observe(element);
    return () => {
      observer.disconnect();
      forget();
    };
  };
}
