import { describe, expect, it } from 'vitest';
import { PAPER_ABLATION, PAPER_ACCURACY, PAPER_LOG_PROBS, PAPER_STAGE_COUNTS } from './paper';
import { sum } from './statistics';

describe('published numbers', () => {
  it('add up as the paper says', () => {
    expect(sum(Object.values(PAPER_STAGE_COUNTS.qwen))).toBe(48006);
    expect(sum(Object.values(PAPER_STAGE_COUNTS.llama))).toBe(48001);
  });

  it('have averages that are the means of their sets, to rounding', () => {
    for (const arms of Object.values(PAPER_ACCURACY)) {
      for (const { sets, average } of Object.values(arms)) expect(Math.abs(sum(Object.values(sets)) / 5 - average)).toBeLessThan(0.011);
    }
  });

  it('agree between tables', () => {
    expect(PAPER_ABLATION[0]!.average).toBe(PAPER_ACCURACY.qwen.dft.average);
    expect(PAPER_ABLATION.at(-1)!.average).toBe(PAPER_ACCURACY.qwen['dr+dft'].average);
    for (const stages of Object.values(PAPER_LOG_PROBS))
      for (const { expert, rewritten } of Object.values(stages)) expect(rewritten).toBeGreaterThanOrEqual(expert);
  });
});
