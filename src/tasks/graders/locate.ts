/** Where in a response the answer stands: options shared by the graders that compare texts and numbers. */
import { lastBoxes } from '../../math/extract/boxes';
import { firstTurn, withoutThinking } from '../../math/extract/thinking';
import type { GraderOption, OptionValues } from './types';

/** Longest part of a response that is looked at, counted from its end: answers stand there. */
export const MAX_RESPONSE = 100_000;

export const LOCATION_OPTIONS: readonly GraderOption[] = [
  {
    name: 'where',
    kind: 'choice',
    label: 'Where the answer is',
    description: 'Which part of a response is compared. Nothing inside a thinking block counts.',
    default: 'marker',
    choices: [
      { value: 'whole', description: 'the whole response' },
      { value: 'last-line', description: 'the last line that is not empty' },
      { value: 'marker', description: 'what follows the last marker, up to the end of its line' },
      { value: 'boxed', description: 'the content of the last \\boxed{}' },
    ],
  },
  {
    name: 'marker',
    kind: 'text',
    label: 'Markers',
    description: 'Words before the answer, in any case; several are parted by |. Used where the answer is found by a marker.',
    default: 'answer is | answer:',
    maxLength: 200,
  },
];

export interface Located {
  /** As written, trimmed; null where there is no such place. */
  text: string | null;
  /** The place, in words that complete "from …" or say what is missing. */
  place: string;
}

/** @throws RangeError where markers are asked for and none is given. */
export function locator(options: OptionValues): (response: string) => Located {
  const { where } = options;
  const markers = String(options['marker'])
    .split('|')
    .map((marker) => marker.trim().toLowerCase())
    .filter((marker) => marker !== '');
  if (where === 'marker' && markers.length === 0)
    throw new RangeError('Option marker is empty: give at least one marker, such as “answer is”.');
  return (response) => {
    const visible = firstTurn(withoutThinking(response.slice(-MAX_RESPONSE))).trim();
    if (visible === '') return { text: null, place: 'the response is empty' };
    switch (where) {
      case 'last-line':
        return { text: visible.slice(visible.lastIndexOf('\n') + 1).trim(), place: 'the last line' };
      case 'boxed': {
        const boxed = lastBoxes(visible)?.trim();
        return boxed ? { text: boxed, place: 'the last box' } : { text: null, place: 'there is no filled \\boxed{}' };
      }
      case 'marker':
        return afterMarker(visible, markers);
      default:
        return { text: visible, place: 'the whole response' };
    }
  };
}

function afterMarker(text: string, markers: readonly string[]): Located {
  // Lower case may change a text's length (İ): then the marker is looked for as written.
  const lower = text.toLowerCase();
  const searched = lower.length === text.length ? lower : text;
  let end = -1;
  let found = '';
  for (const marker of markers) {
    const at = searched.lastIndexOf(marker);
    if (at >= 0 && at + marker.length > end) [end, found] = [at + marker.length, marker];
  }
  if (end < 0) return { text: null, place: `there is no ${markers.map((marker) => `“${marker}”`).join(' or ')}` };
  const answer = text
    .slice(end)
    .split('\n', 1)[0]!
    .replace(/^[\s:=]{1,20}/, '')
    .trim();
  return answer === '' ? { text: null, place: `nothing follows “${found}”` } : { text: answer, place: `after “${found}”` };
}

/** Without quotation marks and sentence punctuation around it. Linear: no backtracking over long runs. */
export function withoutPunctuation(text: string): string {
  const around = /[\s.,;:!?"'`“”‘’«»*_]/u;
  let from = 0;
  let to = text.length;
  while (from < to && around.test(text[from]!)) from++;
  while (to > from && around.test(text[to - 1]!)) to--;
  return text.slice(from, to);
}
