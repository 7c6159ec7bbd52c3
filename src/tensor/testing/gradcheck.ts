/** Numerical checking of gradients on onnxruntime-node in f64, after PyTorch's gradcheck. */
import { createNodeRuntime } from '../../policy/runtime/node';
import type { HostTensor, Session } from '../../policy/runtime/types';
import { add, encode, grad, input, mul, reduceSum, constant, type DType, type Shape, type Sym, type TypedArray, typedArray } from '..';

const runtime = createNodeRuntime(1, { optimization: 'basic' });

/** Evaluates symbols with the given inputs. */
export async function evaluate(outputs: Record<string, Sym>, feeds: Record<string, HostTensor>): Promise<Record<string, TypedArray>> {
  const session = await runtime.createSession(encode(outputs));
  try {
    return await session.run(feeds, Object.fromEntries(Object.keys(outputs).map((k) => [k, 'host' as const])));
  } finally {
    await session.release();
  }
}

/** Deterministic values in [low, high): a small multiplicative generator, enough for test data. */
export function testValues(size: number, seed: number, low = -1, high = 1): number[] {
  let s = (seed * 2654435761 + 12345) >>> 0;
  return Array.from({ length: size }, () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0;
    return low + ((high - low) * (s >>> 8)) / 2 ** 24;
  });
}

export interface GradcheckInput {
  shape: Shape;
  low?: number;
  high?: number;
}

/**
 * Largest violation of |analytic − numeric| ≤ atol + rtol·|numeric| over every element of every input: ≤ 0 passes.
 * f maps f64 inputs to any tensor; the loss is its product with fixed weights, so that every output element matters.
 */
export async function gradcheck(
  f: (...xs: Sym[]) => Sym,
  inputs: readonly GradcheckInput[],
  { eps = 1e-6, atol = 1e-5, rtol = 1e-3 } = {},
): Promise<number> {
  const dtype: DType = 'f64';
  const xs = inputs.map((x, i) => input(`x${i}`, x.shape, dtype));
  const y = f(...xs);
  const weights = constant(typedArray(dtype, testValues(y.size, 99)), y.shape);
  const loss = reduceSum(
    mul(y, weights),
    y.shape.map((_, i) => i),
  );
  const gradients = grad(loss, xs);
  const values = inputs.map((x, i) =>
    testValues(
      x.shape.reduce((a, b) => a * b, 1),
      i + 1,
      x.low,
      x.high,
    ),
  );
  const feed = (): Record<string, HostTensor> =>
    Object.fromEntries(inputs.map((x, i) => [`x${i}`, { shape: x.shape, data: Float64Array.from(values[i]!) }]));

  // Adding 0·Σx keeps inputs that the loss does not reach in the graph.
  const anchored = xs.reduce(
    (sum, x) =>
      add(
        sum,
        mul(
          reduceSum(
            x,
            x.shape.map((_, i) => i),
          ),
          0,
        ),
      ),
    loss,
  );
  const forward = await runtime.createSession(encode({ loss: anchored }));
  const analytic = await evaluate({ loss: anchored, ...Object.fromEntries(gradients.map((g, i) => [`g${i}`, g])) }, feed());
  const value = async (session: Session): Promise<number> => Number((await session.run(feed(), { loss: 'host' })).loss[0]);
  let worst = -Infinity;
  for (const [i, v] of values.entries()) {
    for (let j = 0; j < v.length; j++) {
      const before = v[j]!;
      v[j] = before + eps;
      const up = await value(forward);
      v[j] = before - eps;
      const down = await value(forward);
      v[j] = before;
      const numeric = (up - down) / (2 * eps);
      const got = Number(analytic[`g${i}`]![j]);
      worst = Math.max(worst, Number.isFinite(got) ? Math.abs(got - numeric) - atol - rtol * Math.abs(numeric) : Infinity);
    }
  }
  await forward.release();
  return worst;
}
