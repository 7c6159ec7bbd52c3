import { guidedAlignment } from './guidedAlignment';
import { selfAlignment } from './selfAlignment';
import type { SamplingOperator } from './types';

export { guidedAlignment } from './guidedAlignment';
export { selfAlignment } from './selfAlignment';
export { encodePrompt, encodeResponse, join } from './prepare';
export type { PreparedProblem, SamplingOperator } from './types';

/** The sampling stages of T in order; what they leave unsolved falls back to the expert's text. */
export const SAMPLING_OPERATORS: readonly SamplingOperator[] = [selfAlignment, guidedAlignment];
