import { resolve } from 'node:path';

export const PROJECT = resolve(import.meta.dirname, '../../..');
/** The built page. */
export const DIST = resolve(PROJECT, 'dist');
/** The built test page (test/browser/harness). */
export const HARNESS = resolve(PROJECT, '.cache/harness');
