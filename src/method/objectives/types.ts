import type { FeatureName, Features } from '../../policy/objective';
import type { Sym } from '../../tensor';

/** A number that an objective can be tuned by; controls and the command line are generated from it. */
export interface ParamDefinition {
  name: string;
  description: string;
  default: number;
  min: number;
  max: number;
}

/** A training objective L = (1/N) Σ m_t ℓ_t, described beside its formula. One file each; listed in `index.ts`. */
export interface ObjectiveDefinition {
  readonly id: string;
  readonly name: string;
  /** ℓ_t in TeX, with p_t = π_θ(y_t | x, y_<t) and sg = stop-gradient. */
  readonly formula: string;
  /** One sentence: what it does to the gradient. */
  readonly description: string;
  readonly reference: string;
  readonly params: Readonly<Record<string, ParamDefinition>>;
  /** Features read besides `logp` and `mask`. */
  readonly needs: readonly FeatureName[];
  /** Optimizer steps that share one π_old, for objectives that need `oldLogp`. Default 1: π_old is the policy before each step. */
  readonly innerSteps?: number;
  /** ℓ_t, elementwise; `params` holds every declared parameter. */
  loss(features: Features, params: Readonly<Record<string, number>>): Sym;
}
