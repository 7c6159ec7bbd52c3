import { join, resolve } from 'node:path';

export const PROJECT = resolve(import.meta.dirname, '../..');
/** The bundled policy. */
export const MODEL = join(PROJECT, 'static-models/base');
/** The built bench page, with `models/tinymath` as Transformers.js wants it. */
export const PAGE = join(PROJECT, '.cache/bench');
export const MODELS = join(PAGE, 'models');
/** The notebook, built for the bench: dist/ is left alone. */
export const SITE = join(PROJECT, '.cache/bench-site');
