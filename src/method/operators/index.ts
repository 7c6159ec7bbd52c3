import { guidedAlignment } from './guided-alignment';
import { selfAlignment } from './self-alignment';
import type { SamplingOperator } from './types';

export { guidedAlignment } from './guided-alignment';
export { selfAlignment } from './self-alignment';
export { encodePrompt, encodeResponse, join } from './prepare';
export type { PreparedProblem, SamplingOperator } from './types';

/** The sampling stages of T in order; what they leave unsolved falls back to the expert's text. */
export const SAMPLING_OPERATORS: readonly SamplingOperator[] = [selfAlignment, guidedAlignment];
