/** The recorded run is of what ships: else the command that stands in it is to be run again. */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { COMMON_RATE } from '../src/method/arms';
import type { ClaimsFile } from '../src/method/claims/file';
import { SIZES } from '../src/method/claims/settings';
import { RATES } from '../src/notebook/lib/settings';
import { LR_IDS } from '../src/notebook/lib/settings';
import { loadPolicy } from '../src/cli/policy';

const project = resolve(import.meta.dirname, '..');
const file = JSON.parse(readFileSync(join(project, 'public/recorded/claims.json'), 'utf8')) as ClaimsFile;
const again = `run again: ${file.command}, and copy its claims.json to public/recorded`;

describe('the recorded run', () => {
  it.each(Object.keys(file.policies))('was made with the policy %s that ships', async (name) => {
    const policy = await loadPolicy(join(project, 'static-models', name), 1);
    expect(policy.id, again).toBe(file.policies[name]!.id);
    await policy.dispose();
  });

  it('has the sizes and the common rate of today', () => {
    expect(file.sizes, again).toEqual(SIZES);
    for (const rate of Object.values(file.learningRates['base/large/common']!)) expect(rate, again).toBe(COMMON_RATE);
    const tuned = RATES.find(({ id }) => id === 'tuned')!.values;
    for (const [arm, rate] of Object.entries(file.learningRates['base/large/tuned'] ?? {}))
      expect(tuned[LR_IDS[arm as keyof typeof LR_IDS]], again).toBe(rate);
  });

  it('gives every claim a verdict that its interval has', () => {
    expect(file.claims.length).toBeGreaterThan(40);
    for (const { ci95, verdict, id } of file.claims) {
      const expected = ci95[0] > 0 ? 'holds' : ci95[1] < 0 ? 'fails' : 'undecided';
      expect(verdict, id).toBe(expected);
    }
  });

  it.each(Object.keys(file.explanations))('says of %s what the words of “Why it works” say', (setting) => {
    const { base, 'dr+dft': last } = file.explanations[setting]!.style;
    expect(base!.greedy, again).toBeGreaterThan(base!.accuracy);
    expect(last!.digitEntropy, again).toBeLessThan(base!.digitEntropy);
    expect(last!.slipRate, again).toBeLessThan(base!.slipRate);
    expect(last!.accuracy, again).toBeGreaterThan(base!.accuracy);
  });
});
