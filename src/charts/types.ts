/**
 * What the charts draw: plain arrays. Colours are CSS values and may be custom properties, so that a change of theme needs no redrawing.
 */

export interface Series {
  id: string;
  name: string;
  /** Points in drawing order; a non-finite y leaves a gap. */
  points: readonly (readonly [x: number, y: number])[];
  color: string;
  /** SVG dash array, so that colour is not the only difference between series. */
  dash?: string;
  /** Fill down to zero with this opacity. */
  fill?: number;
}

export interface Bin {
  x0: number;
  x1: number;
  count: number;
}

export interface BinSeries {
  id: string;
  name: string;
  bins: readonly Bin[];
  /** Values left and right of the bins. */
  underflow?: number;
  overflow?: number;
  color: string;
  /** 'bars' are filled, 'outline' is a step line over them. */
  kind?: 'bars' | 'outline';
}

export interface Margin {
  top: number;
  right: number;
  bottom: number;
  left: number;
}

/** A vertical line with a word on it, e.g. ratio = 1. */
export interface Marker {
  x: number;
  label: string;
}
