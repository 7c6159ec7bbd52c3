/** What the page's runtime and its image (scripts/vite/ort-image.ts) must agree on. */
import { encode, input, neg } from '../../tensor';

/** The name of `SMALLEST` in the image. */
export const SMALLEST_NAME = 'smallest';
/** The runtime has no call to start it: its first session does. */
export const SMALLEST = encode({ y: neg(input('x', [1], 'f32')) });

export const WASM_OPTIONS = { executionProviders: ['wasm'], graphOptimizationLevel: 'all' } as const;
