/** Number of warm-up steps: the fraction, rounded. */
export function warmupSteps(steps: number, warmup: number): number {
  return Math.round(steps * warmup);
}

/**
 * Learning rate of optimizer step 1 … steps: linear warm-up, then cosine decay. Both ends are shifted by a step so that no step has
 * rate 0, which would waste a visible share of the few steps of a small run.
 */
export function learningRateAt(step: number, steps: number, peak: number, warmup: number): number {
  const warm = warmupSteps(steps, warmup);
  if (step <= warm) return (peak * step) / (warm + 1);
  return 0.5 * peak * (1 + Math.cos((Math.PI * (step - warm - 1)) / (steps - warm)));
}
