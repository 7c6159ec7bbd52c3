/**
 * A text token by token as elements. Made by hand: a page full of samples has thousands of them, and an effect for each would take most of the
 * page's time while samples arrive. Text only, never markup.
 */
import { fixed } from './format';
import { SURPRISING, tint, type TokenPiece } from './tokens';

/** As an attachment. `end`: show the end-of-text token, which is an empty piece, as a sign of its own. Tokens already there stay as they are. */
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
