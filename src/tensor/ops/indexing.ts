import { constant, normaliseAxis, ShapeError, Sym, type Operator } from '../sym';
import { gemm } from './linalg';
import { cast, equal, zerosOf } from './elementwise';
import { expand, reshape } from './layout';

/** Above this many rows the one-hot product costs more than a scatter. */
const ONE_HOT_LIMIT = 4096;

const GATHER: Operator = {
  name: 'gather',
  onnx: 'Gather',
  vjp: ({ inputs: [x, index], attributes }, g) => {
    if (index!.shape.length !== 1 || x!.shape.length !== 2) throw new ShapeError('gather: the gradient is defined for rows of a matrix');
    const [v] = x!.shape as [number, number];
    const column = reshape(index!, [index!.size, 1]);
    if (v <= ONE_HOT_LIMIT && !attributes['#scatter']) {
      // One-hotᵀ·g: a matrix product is fast everywhere and, on a GPU, deterministic.
      const classes = constant(
        Int32Array.from({ length: v }, (_, i) => i),
        [1, v],
      );
      return [gemm(cast(equal(column, classes), g.dtype), g, true, false), null];
    }
    return [addRows(expand(zerosLikeRank(x!), x!.shape), index!, g), null];
  },
};
/**
 * Rows of x by i32 index: [v, d], [n] → [n, d]. Its gradient is a product with one-hot rows, or with `scatter` a sum by index: less work, which pays on
 * a CPU.
 */
export function gather(x: Sym, index: Sym, scatter = false): Sym {
  return new Sym(GATHER, [x, index], [...index.shape, ...x.shape.slice(1)], x.dtype, { axis: 0, ...(scatter && { '#scatter': 1 }) });
}

const GATHER_ELEMENTS: Operator = {
  name: 'gatherElements',
  onnx: 'GatherElements',
  vjp: (y, g) => {
    const [x, index] = y.inputs as [Sym, Sym];
    return [scatterAdd(expand(zerosLikeRank(x), x.shape), index, g, y.attributes.axis as number), null];
  },
};
/** out[i][j] = x[i][index[i][j]] for the last axis (or along `axis`). */
export function gatherElements(x: Sym, index: Sym, axis = -1): Sym {
  const a = normaliseAxis(axis, x.shape.length, 'gatherElements');
  if (index.shape.length !== x.shape.length) throw new ShapeError('gatherElements: index and data differ in rank');
  return new Sym(GATHER_ELEMENTS, [x, index], index.shape, x.dtype, { axis: a });
}

const SCATTER_ADD: Operator = {
  name: 'scatterAdd',
  onnx: 'ScatterElements',
  vjp: (y, g) => [g, null, gatherElements(g, y.inputs[1]!, y.attributes.axis as number)],
};
/** x with updates added at the index along an axis. */
export function scatterAdd(x: Sym, index: Sym, updates: Sym, axis: number): Sym {
  const a = normaliseAxis(axis, x.shape.length, 'scatterAdd');
  return new Sym(SCATTER_ADD, [x, index, updates], x.shape, x.dtype, { axis: a, reduction: 'add' });
}

const ADD_ROWS: Operator = { name: 'addRows', onnx: 'ScatterND' };
/** x [v, d] with the rows of updates [n, d] added at the i32 index [n]; whole rows at a time, which `scatterAdd` is several times slower at. No gradient. */
function addRows(x: Sym, index: Sym, updates: Sym): Sym {
  return new Sym(ADD_ROWS, [x, cast(reshape(index, [index.size, 1]), 'i64'), updates], x.shape, x.dtype, { reduction: 'add' });
}

const zerosLikeRank = (x: Sym): Sym =>
  reshape(
    zerosOf(x),
    x.shape.map(() => 1),
  );
