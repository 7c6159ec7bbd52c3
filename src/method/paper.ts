/**
 * Numbers published in "Mind the Gap: Data Rewriting for Stable Off-Policy Supervised Fine-Tuning" (arXiv 2509.15157).
 * Shown with provenance 'paper', never mixed with measured ones.
 */
import type { ArmId, Provenance, Stage } from './types';

export const PAPER_PROVENANCE: Provenance = 'paper';

type PublishedStage = 'self' | 'guided' | 'fallback';
type PublishedArm = 'base' | 'sft' | 'dft' | 'dr+sft' | 'dr+dft';
/** Figures of what was published; there is none for anything that was added since. */
type ByPublished<Published extends string, All extends string, T> = Readonly<Record<Published, T> & Partial<Record<All, T>>>;

export type PaperModel = 'qwen' | 'llama';
export const PAPER_MODELS: Readonly<Record<PaperModel, string>> = { qwen: 'Qwen2.5-Math-7B', llama: 'Llama-3.1-8B-Instruct' };

/** Table 1: problems per stage. */
export const PAPER_STAGE_COUNTS: Readonly<Record<PaperModel, ByPublished<PublishedStage, Stage, number>>> = {
  qwen: { self: 28752, guided: 11620, fallback: 7634 },
  llama: { self: 26947, guided: 16335, fallback: 4719 },
};

export const PAPER_BENCHMARKS = ['Math500', 'Minerva', 'Olympiad', 'AIME24', 'AMC23'] as const;
export type PaperBenchmark = (typeof PAPER_BENCHMARKS)[number];
export interface PaperAccuracy {
  /** avg@16 in percent. */
  sets: Readonly<Record<PaperBenchmark, number>>;
  average: number;
}

function accuracy(...values: [number, number, number, number, number, number]): PaperAccuracy {
  const [Math500, Minerva, Olympiad, AIME24, AMC23, average] = values;
  return { sets: { Math500, Minerva, Olympiad, AIME24, AMC23 }, average };
}

/** Table 2: mean accuracy over 16 runs at T = 1.0, in percent. */
export const PAPER_ACCURACY: Readonly<Record<PaperModel, ByPublished<PublishedArm, ArmId | 'base', PaperAccuracy>>> = {
  qwen: {
    base: accuracy(39.9, 14.43, 17.16, 7.5, 29.38, 21.67),
    sft: accuracy(52.61, 19.13, 17.32, 2.06, 25.0, 23.23),
    dft: accuracy(68.7, 31.92, 32.31, 6.68, 43.44, 36.61),
    'dr+sft': accuracy(59.85, 21.14, 23.54, 8.54, 38.59, 30.33),
    'dr+dft': accuracy(70.4, 34.85, 36.12, 14.58, 54.22, 42.03),
  },
  llama: {
    base: accuracy(36.18, 16.01, 9.52, 0.83, 14.53, 15.41),
    sft: accuracy(28.71, 11.23, 6.26, 0.41, 10.31, 11.39),
    dft: accuracy(46.5, 24.11, 15.65, 3.95, 22.5, 22.54),
    'dr+sft': accuracy(44.38, 19.21, 13.07, 1.87, 17.19, 19.14),
    'dr+dft': accuracy(47.91, 24.72, 16.52, 4.99, 26.09, 24.05),
  },
};

/**
 * Table 3: log-prob under π_0, summed over a response and averaged over examples, of the expert's text and of its rewriting.
 * A sum, so response length confounds it. Fallback keeps the expert's text.
 */
export const PAPER_LOG_PROBS: Readonly<Record<PaperModel, ByPublished<PublishedStage, Stage, { expert: number; rewritten: number }>>> = {
  qwen: {
    self: { expert: -184.44, rewritten: -83.36 },
    guided: { expert: -280.64, rewritten: -259.44 },
    fallback: { expert: -296.03, rewritten: -296.03 },
  },
  llama: {
    self: { expert: -193.01, rewritten: -127.67 },
    guided: { expert: -341.57, rewritten: -303.44 },
    fallback: { expert: -388.17, rewritten: -388.17 },
  },
};

/** Table 4: average accuracy in percent on Qwen2.5-Math-7B as parts of the rewriting are added to DFT. */
export const PAPER_ABLATION: readonly { arm: ArmId; name: string; average: number }[] = [
  { arm: 'dft', name: 'DFT', average: 36.61 },
  { arm: 'dft+self', name: 'DFT + self-alignment', average: 38.83 },
  { arm: 'dft+guided', name: 'DFT + guided-alignment', average: 38.36 },
  { arm: 'dr+dft', name: 'DFT + full data rewriting', average: 42.03 },
];
