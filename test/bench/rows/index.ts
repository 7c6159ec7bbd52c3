import type { Row } from '../row';
import { LIMIT } from './limit';
import { SAMPLE } from './sample';

/** Every row, in the order in which they run. */
export const ROWS: readonly Row[] = [...SAMPLE, ...LIMIT];
