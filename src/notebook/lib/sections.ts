/**
 * The cells as sections of the page: number, heading and place of each by id. Cells look each other up here, since a cell cannot import the
 * list that imports it; `cells/index.ts` hands that list over when it is loaded.
 */
import type { CellId } from '../cells';

export interface SectionTexts {
  readonly id: string;
  /** The heading. */
  readonly title: string;
  /** What the rail beside the page calls it. */
  readonly short: string;
}
export interface Section extends SectionTexts {
  readonly id: CellId;
  /** Its place in the list, counted from 1. */
  readonly number: number;
}

let defined: readonly Section[] = [];

/** Numbers the cells in their order. @throws Error for an id that occurs twice. */
export function defineSections(cells: readonly (SectionTexts & { readonly id: CellId })[]): void {
  const ids = cells.map(({ id }) => id);
  const twice = ids.find((id, i) => ids.indexOf(id) !== i);
  if (twice !== undefined) throw new Error(`Two cells have the id "${twice}".`);
  defined = cells.map(({ id, title, short }, i) => ({ id, title, short, number: i + 1 }));
}

/** All of them, in order. */
export const sections = (): readonly Section[] => defined;

/** @throws Error before `cells/index.ts` is loaded. */
export function section(id: CellId): Section {
  const found = defined.find((one) => one.id === id);
  if (!found) throw new Error(`There is no cell "${id}"; cells/index.ts lists them and has to be loaded first.`);
  return found;
}

/** For prose in strings: "section 3". Markup uses `SectionLink`. */
export const sectionName = (id: CellId): string => `section ${section(id).number}`;

/** Scrolls to a cell and gives it the keyboard focus. Links do not use the address's hash, because that holds the settings. */
export function goTo(id: CellId): void {
  const target = document.getElementById(id);
  if (!target) return;
  // While a model computes, cells outside the window are not laid out and the browser assumes their last height. Their true place is known
  // once they are in the window, so the page scrolls once more then.
  const guessed = getComputedStyle(target).contentVisibility === 'auto';
  const scroll = () => target.scrollIntoView(guessed ? { behavior: 'instant' } : {});
  scroll();
  if (guessed) requestAnimationFrame(() => requestAnimationFrame(scroll));
  target.focus({ preventScroll: true });
}

/** The click handler of `<a href="#cell">`: goes there and leaves the address as it is. */
export function follow(id: CellId) {
  return (event: Event) => {
    event.preventDefault();
    goTo(id);
  };
}
