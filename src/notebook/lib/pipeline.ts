/** Figure 1 as data: the stations of the method, their places in a wide and in a narrow window, and the cell of each. */
import { STAGE_DEFINITIONS, STAGES, type Stage } from '../../method/operators';
import type { CellId } from '../cells';

export interface Station {
  id: 'data' | Stage | 'mix' | 'train' | 'evaluate';
  title: string;
  /** What happens there, in a few words. */
  note: string;
  cell: CellId;
  wide: Box;
  narrow: Box;
}
export interface Box {
  x: number;
  y: number;
  w: number;
  h: number;
}
export interface Arrow {
  from: Station['id'];
  to: Station['id'];
  label?: string;
}

export const WIDE = { width: 960, height: 250 };
export const NARROW = { width: 340, height: 560 };

export const STATIONS: readonly Station[] = [
  {
    id: 'data',
    title: 'Expert data D',
    note: 'with gold answers',
    cell: 'problems',
    wide: { x: 0, y: 88, w: 150, h: 66 },
    narrow: { x: 0, y: 0, w: 340, h: 58 },
  },
  ...STAGE_DEFINITIONS.map(({ id, name, note }, i): Station => ({
    id,
    title: name,
    note,
    cell: 'rewriting',
    wide: { x: 200, y: 90 * i, w: 170, h: 66 },
    narrow: { x: 0, y: 92 + 96 * i, w: 210, h: 62 },
  })),
  {
    id: 'mix',
    title: 'Rewritten data',
    note: 'one per problem',
    cell: 'logprobs',
    wide: { x: 452, y: 90, w: 150, h: 66 },
    narrow: { x: 0, y: 380, w: 340, h: 48 },
  },
  {
    id: 'train',
    title: 'Training',
    note: 'SFT and DFT',
    cell: 'training',
    wide: { x: 648, y: 90, w: 150, h: 66 },
    narrow: { x: 0, y: 446, w: 340, h: 48 },
  },
  {
    id: 'evaluate',
    title: 'Evaluation',
    note: 'on test sets',
    cell: 'evaluation',
    wide: { x: 838, y: 90, w: 122, h: 66 },
    narrow: { x: 0, y: 512, w: 340, h: 48 },
  },
];

export const ARROWS: readonly Arrow[] = [
  { from: 'data', to: STAGES[0]! },
  ...STAGES.slice(1).map((to, i): Arrow => ({ from: STAGES[i]!, to, label: 'none right' })),
  ...STAGE_DEFINITIONS.map(({ id, samples }): Arrow => ({ from: id, to: 'mix', ...(samples && { label: 'right' }) })),
  { from: 'mix', to: 'train' },
  { from: 'train', to: 'evaluate' },
];

/** Path of an arrow: down between stages, sideways between columns. */
export function arrowPath(from: Box, to: Box, layout: 'wide' | 'narrow', sideways: boolean): { d: string; labelX: number; labelY: number } {
  const down = !sideways;
  if (layout === 'narrow' && sideways) {
    // From a stage to the rewritten data: out to the right, then down on a line that all stages share.
    const x0 = from.x + from.w;
    const y0 = from.y + from.h / 2;
    const x1 = x0 + 62;
    return { d: `M${x0},${y0}H${x1 - 8}Q${x1},${y0} ${x1},${y0 + 8}V${to.y}`, labelX: x0 + 8, labelY: y0 - 6 };
  }
  if (down) {
    const x = Math.min(from.x + from.w, to.x + to.w) / 2 + Math.max(from.x, to.x) / 2;
    return { d: `M${x},${from.y + from.h}V${to.y}`, labelX: x + 8, labelY: (from.y + from.h + to.y) / 2 + 4 };
  }
  const y0 = from.y + from.h / 2;
  const y1 = to.y + to.h / 2;
  const x0 = from.x + from.w;
  const middle = (x0 + to.x) / 2;
  const d = Math.abs(y0 - y1) < 4 ? `M${x0},${y1}H${to.x}` : `M${x0},${y0}C${middle},${y0} ${middle},${y1} ${to.x},${y1}`;
  return { d, labelX: x0 + 8, labelY: y0 - 6 };
}

export function isSideways({ from, to }: Arrow, layout: 'wide' | 'narrow'): boolean {
  if (layout === 'narrow') return to === 'mix' && from !== STAGES.at(-1);
  return !STAGES.slice(1).some((stage) => stage === to);
}
