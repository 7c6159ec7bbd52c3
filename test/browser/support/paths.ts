import { resolve } from 'node:path';
import { FAST } from './conditions';

export const PROJECT = resolve(import.meta.dirname, '../../..');
/** The page as `npm run build` makes it. */
export const BUILT = resolve(PROJECT, 'dist');
/** The built page as the journeys see it. */
export const DIST = FAST ? resolve(PROJECT, '.cache/fast-site') : BUILT;
/** The built test page (test/browser/harness). */
export const HARNESS = resolve(PROJECT, '.cache/harness');
