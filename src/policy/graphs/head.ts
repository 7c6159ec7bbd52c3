/**
 * From logits to the per-token features that objectives see. Each feature has a closed-form gradient by the logits, so that a
 * backward pass costs a few elementwise operators over [N, V] whatever the objective.
 */
import {
  add,
  expand,
  gatherElements,
  log,
  mul,
  neg,
  reduceMax,
  reduceSum,
  reduceSumSquare,
  reshape,
  scatterAdd,
  softmax,
  stopGradient,
  sub,
  withVjp,
  type Sym,
} from '../../tensor';

export interface TokenHead {
  /** log p_t of the target, [N]. */
  logp: Sym;
  /** H_t = −Σ p log p, [N]. */
  entropy: Sym;
  /** Σ p², [N]. */
  sumP2: Sym;
  /** z_y − max z, [N]: 0 where the target is the most likely token, else below 0. */
  margin: Sym;
}

/** logits [N, V], targets i32 [N]. */
export function tokenHead(logits: Sym, targets: Sym): TokenHead {
  const [n] = logits.shape as [number, number];
  const y = reshape(targets, [n, 1]);
  const column = (x: Sym): Sym => reshape(x, [n, 1]);
  // One operator for the softmax; log Σe from its largest entry, which is never 0: 1/p_max = Σ exp(z − max).
  const p = stopGradient(softmax(logits));
  const max = stopGradient(reduceMax(logits, [1], true));
  const logTotal = neg(log(reduceMax(p, [1], true)));
  const margin = sub(gatherElements(logits, y, 1), max);

  // ∂ log p_y / ∂z = 1[v = y] − p
  const logp = withVjp(reshape(sub(margin, logTotal), [n]), [logits], (g) => {
    const gc = column(g);
    return [scatterAdd(mul(p, neg(gc)), y, gc, 1)];
  });
  // H = log Σe − Σ p·(z − max); ∂H/∂z = −p·(log p + H)
  const shifted = sub(logits, max);
  const h = sub(logTotal, reduceSum(mul(p, shifted), [1], true));
  const entropy = withVjp(reshape(h, [n]), [logits], (g) => [mul(mul(p, neg(column(g))), add(sub(shifted, logTotal), h))]);
  // ∂ Σp² / ∂z = 2p·(p − Σp²)
  const s2 = reduceSumSquare(p, [1], true);
  const sumP2 = withVjp(reshape(s2, [n]), [logits], (g) => [mul(mul(p, mul(column(g), 2)), sub(p, expand(s2, p.shape)))]);
  return { logp, entropy, sumP2, margin: reshape(margin, [n]) };
}
