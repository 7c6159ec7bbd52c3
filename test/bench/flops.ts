/**
 * Floating-point operations that a step needs at least (a multiplication and an addition are two), by the usual count:
 *
 * - a matrix of n values costs 2n a position forward, and twice that backward; embedding look-ups, norms, softmax and AdamW count nothing;
 * - attention of a position to a context of t positions costs 4·layers·heads·headDim·t forward (scores and weighted sum). A training step
 *   counts the whole square, as PaLM's model FLOPs do, since a dense product computes the masked half too.
 *
 * So a training step is 6·N·tokens + 12·layers·heads·headDim·Σ length², and sampling 2·N·tokens + 4·layers·heads·headDim·Σ context.
 */
import type { LlamaConfig } from '../../src/policy/config';
import { parameterTable } from '../../src/policy/parameters';

/** N: values in matrix products. A tied embedding counts once, as the head; an untied one only looks up. */
export function matrixParameters(config: LlamaConfig): number {
  const table = parameterTable(config);
  const matrices = table.parameters.filter((p) => p.decay).reduce((n, p) => n + p.size, 0);
  return config.tieEmbeddings ? matrices : matrices - config.vocabSize * config.hiddenSize;
}

const attention = ({ layers, heads, headDim }: LlamaConfig): number => layers * heads * headDim;

/** One optimizer step over sequences with the given numbers of positions (ids − 1). */
export function trainingFlops(config: LlamaConfig, lengths: readonly number[]): number {
  const n = matrixParameters(config);
  return lengths.reduce((sum, t) => sum + 6 * n * t + 12 * attention(config) * t * t, 0);
}

/** Generated tokens of one response: `tokens` of them after a prompt of `prompt`. */
export function decodingFlops(config: LlamaConfig, prompt: number, tokens: number): number {
  // The token at position t attends to the t positions up to and including the one before it.
  const contexts = tokens * prompt + (tokens * (tokens - 1)) / 2;
  return 2 * matrixParameters(config) * tokens + 4 * attention(config) * contexts;
}

/** A prompt but its last token, once: no head. */
export function prefillFlops(config: LlamaConfig, prompt: number): number {
  const t = prompt - 1;
  return 2 * (matrixParameters(config) - config.vocabSize * config.hiddenSize) * t + 2 * attention(config) * t * t;
}
