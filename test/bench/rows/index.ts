import type { Row } from '../row';
import { BACKEND } from './backend';
import { GROWTH } from './growth';
import { LEVER } from './lever';
import { LIMIT } from './limit';
import { MEMORY } from './memory';
import { PADDING } from './padding';
import { PAGE_ROWS } from './page';
import { PRODUCTS } from './products';
import { REPLICAS } from './replicas';
import { SAMPLE } from './sample';
import { STORAGE } from './storage';
import { TRAIN } from './train';
import { WEBGPU } from './webgpu';

/** Every row, in the order in which they run. */
export const ROWS: readonly Row[] = [
  ...BACKEND,
  ...SAMPLE,
  ...TRAIN,
  ...LIMIT,
  ...LEVER,
  ...REPLICAS,
  ...PRODUCTS,
  PADDING,
  ...GROWTH,
  ...STORAGE,
  ...WEBGPU,
  ...MEMORY,
  ...PAGE_ROWS,
];
