import type { Row } from '../row';
import { GROWTH } from './growth';
import { LIMIT } from './limit';
import { SAMPLE } from './sample';
import { STORAGE } from './storage';
import { TRAIN } from './train';

/** Every row, in the order in which they run. */
export const ROWS: readonly Row[] = [...SAMPLE, ...TRAIN, ...LIMIT, ...GROWTH, ...STORAGE];
