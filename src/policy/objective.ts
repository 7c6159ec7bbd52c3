import type { Sym } from '../tensor';

/**
 * Symbolic per-token quantities, each f32 of one shape ([B, T], or [1, R] of response positions alone; masked positions hold finite garbage
 * that the mask removes). Optional ones exist if the objective names them in `needs`.
 */
export interface Features {
  /** log p_t of the target token under π_θ. Differentiable. */
  logp: Sym;
  /** Response mask m_t, 1 or 0. */
  mask: Sym;
  /** H_t of π_θ. Differentiable. */
  entropy: Sym;
  /** Σ_v p_v². Differentiable. */
  sumP2: Sym;
  /** Constants fed with the batch. */
  refLogp: Sym;
  oldLogp: Sym;
  behaviorLogp: Sym;
  advantage: Sym;
}
export type FeatureName = keyof Features;

/** A training objective L = (1/N) Σ m_t ℓ_t with its parameters bound. The registry is src/method/objectives. */
export interface Objective {
  /** Identifies the built graph: same key, same ℓ. */
  readonly key: string;
  /** Besides `logp` and `mask`, which are always there. */
  readonly needs: readonly FeatureName[];
  /** Optimizer steps that share one π_old. */
  readonly innerSteps?: number;
  /** ℓ_t, elementwise over that shape. */
  loss(features: Features): Sym;
}
