/** The parts of the page in order: one list for headings, navigation and diagram. */
export const CELLS = [
  { id: 'gap', title: 'The policy gap', short: 'The gap' },
  { id: 'method', title: 'The method', short: 'The method' },
  { id: 'policy', title: 'The policy on this device', short: 'Policy and device' },
  { id: 'problems', title: 'The problems, in two voices', short: 'Problems' },
  { id: 'rewriting', title: 'Rewriting the data', short: 'Rewriting' },
  { id: 'logprobs', title: 'How likely is the data now?', short: 'Log-probs' },
  { id: 'weights', title: 'Importance weights', short: 'Weights' },
  { id: 'elsewhere', title: 'Candidates made elsewhere', short: 'Made elsewhere' },
  { id: 'training', title: 'Training the four arms', short: 'Training' },
  { id: 'evaluation', title: 'Evaluation', short: 'Evaluation' },
  { id: 'grader', title: 'Is this answer right?', short: 'The grader' },
] as const;

export type CellId = (typeof CELLS)[number]['id'];

/** Scrolls to a cell and puts the keyboard there. The address's hash holds settings, so links do not use it. */
export function goTo(id: CellId): void {
  const target = document.getElementById(id);
  if (!target) return;
  // While something runs, parts outside the window are taken to be as high as they last were; once they are in it, the place is known.
  const guessed = getComputedStyle(target).contentVisibility === 'auto';
  const scroll = () => target.scrollIntoView(guessed ? { behavior: 'instant' } : {});
  scroll();
  if (guessed) requestAnimationFrame(() => requestAnimationFrame(scroll));
  target.focus({ preventScroll: true });
}

/** For `<a href="#cell">`: the same, without touching the address. */
export function follow(id: CellId) {
  return (event: Event) => {
    event.preventDefault();
    goTo(id);
  };
}
