/**
 * Draws a text token by token, by DOM calls: a page of samples has thousands of tokens, and a Svelte effect for each would take most of the
 * page's time while samples arrive. Tokens are set as text, never as markup.
 */
import { fixed } from './format';
import { SURPRISING, tint, type TokenPiece } from './tokens';

/**
 * An attachment. `end` shows the end-of-text token, whose piece is empty, as a sign. Tokens that are already drawn are left as they are.
 */
export function tokenSpans(pieces: readonly TokenPiece[], end: boolean): (element: Element) => void {
  return (element) => {
    const fresh = pieces.flatMap((piece, i) => {
      const atEnd = piece.text === '';
      return atEnd && !(end && i === pieces.length - 1) ? [] : [{ piece, atEnd, title: title(piece) }];
    });
    const { children } = element;
    let same = 0;
    while (same < children.length && same < fresh.length && children[same]!.getAttribute('title') === fresh[same]!.title) same++;
    while (children.length > same) element.lastChild!.remove();
    const made = document.createDocumentFragment();
    for (const { piece, atEnd, title } of fresh.slice(same)) made.append(span(piece, atEnd, title));
    element.append(made);
  };
}

function title({ text, logProb }: TokenPiece): string {
  if (text === '') return `end of text: log p ${fixed(logProb, 2)}`;
  return `${JSON.stringify(text)}: log p ${fixed(logProb, 2)}, p ${fixed(Math.exp(logProb), 3)}`;
}

function span({ text, logProb }: TokenPiece, atEnd: boolean, title: string): HTMLElement {
  const token = document.createElement('span');
  token.className = `token${atEnd ? ' end' : ''}${logProb < SURPRISING ? ' surprising' : ''}`;
  token.style.setProperty('--tint', `${tint(logProb)}%`);
  token.title = title;
  if (!atEnd) token.textContent = text;
  else {
    const sign = document.createElement('span');
    sign.ariaHidden = 'true';
    sign.textContent = '■';
    token.append(sign);
  }
  return token;
}
