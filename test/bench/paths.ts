import { join, resolve } from 'node:path';

export const PROJECT = resolve(import.meta.dirname, '../..');
/** The bundled policy. */
export const MODEL = join(PROJECT, 'static-models/tinymath');
/** The built bench page, with `models/tinymath` as Transformers.js wants it. */
export const PAGE = join(PROJECT, '.cache/bench');
export const MODELS = join(PAGE, 'models');
/** The built notebook. */
export const DIST = join(PROJECT, 'dist');
