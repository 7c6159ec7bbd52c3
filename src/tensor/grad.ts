import { sameSize } from './open';
import { scalar, ShapeError, type Sym } from './sym';
import { zerosOf } from './ops/elementwise';
import { accumulate } from './ops/linalg';
import { expand, reshape } from './ops/layout';

/** Nodes that `roots` depend on, inputs before users. Iterative: graphs are deep. */
export function topologicalOrder(roots: readonly Sym[]): Sym[] {
  const order: Sym[] = [];
  const state = new Map<Sym, 'open' | 'done'>();
  const stack: Sym[] = [...roots].reverse();
  while (stack.length > 0) {
    const node = stack[stack.length - 1]!;
    const s = state.get(node);
    if (s === undefined) {
      state.set(node, 'open');
      for (const x of node.inputs) if (!state.has(x)) stack.push(x);
    } else {
      stack.pop();
      if (s === 'open') {
        state.set(node, 'done');
        order.push(node);
      }
    }
  }
  return order;
}

/**
 * Reverse-mode differentiation: ∂loss/∂x for each x of `wrt`, as symbols of their shapes. `loss` is a scalar (one element).
 * A node without a VJP (stopGradient, comparisons, …) stops the gradient; an x that the loss does not reach gets zeros.
 */
export function grad(loss: Sym, wrt: readonly Sym[]): Sym[] {
  if (loss.size !== 1) throw new ShapeError(`grad: the loss has shape [${loss.shape.join()}]; it must be a single number`);
  const order = topologicalOrder([loss]);
  const wanted = new Set(wrt);
  // Only nodes on a path from a wanted symbol to the loss carry a gradient.
  const relevant = new Set<Sym>();
  for (const node of order) {
    if (wanted.has(node) || (node.op.vjp && node.inputs.some((x) => relevant.has(x)))) relevant.add(node);
  }
  const gradients = new Map<Sym, Sym>();
  gradients.set(loss, reshape(scalar(1, loss.dtype), loss.shape));
  for (const node of order.reverse()) {
    const g = gradients.get(node);
    if (!g || !node.op.vjp || !node.inputs.some((x) => relevant.has(x))) continue;
    const parts = node.op.vjp(node, g);
    node.inputs.forEach((x, i) => {
      const part = parts[i];
      if (!part || !relevant.has(x)) return;
      if (!sameSize(part.shape, x.shape))
        throw new ShapeError(`${node.op.name}: VJP gave [${part.shape.join()}] for an input of [${x.shape.join()}]`);
      const before = gradients.get(x);
      gradients.set(x, before ? accumulate(before, part) : part);
    });
  }
  return wrt.map(
    (x) =>
      gradients.get(x) ??
      expand(
        reshape(
          zerosOf(x),
          x.shape.map(() => 1),
        ),
        x.shape,
      ),
  );
}
