import { describe, expect, it } from 'vitest';
import { formatHash, NO_HASH, parseHash } from './hash';
import { DEFAULT_ARMS } from '../../method/arms';
import { evaluatedOf, worksOf } from '../../method/plan';
import {
  clampSetting,
  DEFAULTS,
  difference,
  presetOf,
  RATES,
  runConfig,
  SETTINGS,
  settingProblem,
  SIZES,
  stalePieces,
  valuesOf,
} from './settings';

describe('settings', () => {
  it('have unique ids and defaults inside their range', () => {
    expect(new Set(SETTINGS.map((s) => s.id)).size).toBe(SETTINGS.length);
    for (const setting of SETTINGS) expect(settingProblem(setting, setting.default)).toBeNull();
  });

  it('say what is wrong and clamp', () => {
    const k = SETTINGS.find((s) => s.id === 'k')!;
    expect(settingProblem(k, 0)).toBe('Must be from 1 to 32.');
    expect(settingProblem(k, 2.5)).toBe('Must be a whole number.');
    expect(settingProblem(k, null)).toMatch(/^Enter a number/);
    expect(clampSetting(k, 99)).toBe(32);
    expect(clampSetting(k, Number.NaN)).toBe(8);
  });

  it('become a configuration', () => {
    const config = runConfig({ ...DEFAULTS, problems: 32, k: 4, lrDrDft: 0.001 }, './static-models/x/');
    expect(config.rewrite).toMatchObject({ problems: 32, k: 4, set: 'train' });
    expect(config.arms['dr+dft']!.learningRate).toBe(0.001);
    expect(config.arms.sft!.learningRate).toBe(DEFAULTS.lrSft);
    expect(config.arms.sft!.objective.id).toBe('sft');
  });

  it('come back from a configuration', () => {
    const values = { ...DEFAULTS, problems: 32, k: 4, seed: 9, epochs: 3, batch: 8, runs: 2, lrDft: 1e-3, armDftSelf: 1, armSft: 0 };
    expect(valuesOf(runConfig(values, ''))).toEqual(values);
  });

  it('know the presets', () => {
    expect(presetOf(SIZES, DEFAULTS)!.id).toBe('quick');
    expect(presetOf(RATES, DEFAULTS)!.id).toBe('common');
    for (const presets of [SIZES, RATES]) {
      for (const preset of presets) {
        expect(presetOf(presets, { ...DEFAULTS, seed: 7, ...preset.values })).toBe(preset);
        for (const [id, value] of Object.entries(preset.values)) {
          expect(
            settingProblem(
              SETTINGS.find((one) => one.id === id)!,
              value,
            ),
          ).toBeNull();
        }
      }
    }
    expect(presetOf(SIZES, { ...DEFAULTS, k: 3 })).toBeNull();
  });

  it('name what a change makes out of date', () => {
    const stale = (change: Record<string, number>) => [...stalePieces(DEFAULTS, { ...DEFAULTS, ...change })];
    expect(stale({})).toEqual([]);
    expect(stale({ k: 4 })).toEqual(worksOf(DEFAULT_ARMS).map(({ id }) => id).filter((id) => id !== 'evaluate:base')); // prettier-ignore
    // One arm's rate is that arm's alone; what is evaluated does not change the training.
    expect(stale({ lrDft: 1e-3 })).toEqual(['train:dft', 'evaluate:dft']);
    expect(stale({ runs: 1 })).toEqual(evaluatedOf(DEFAULT_ARMS).map((id) => `evaluate:${id}`));
    // An arm that is added makes nothing else out of date.
    expect(stale({ armDftSelf: 1 })).toEqual(['train:dft+self', 'evaluate:dft+self']);
    expect(difference(DEFAULTS, { ...DEFAULTS, k: 4 })).toBe('Samples per problem, K 8 → 4');
  });
});

describe('hash', () => {
  it('holds only what differs, and comes back', () => {
    expect(formatHash(NO_HASH)).toBe('');
    const state = {
      ...NO_HASH,
      values: { ...DEFAULTS, k: 4, problems: 32 },
      backend: 'wasm' as const,
      threads: 1,
      task: 'sums.0123456789abcdef',
    };
    expect(formatHash(state)).toBe('v=1&problems=32&k=4&backend=wasm&threads=1&task=sums.0123456789abcdef');
    expect(parseHash('#' + formatHash(state))).toEqual({ state, problems: [] });
  });

  it('names what it cannot use and goes on', () => {
    const { state, problems } = parseHash('#k=999&seed=abc&backend=cuda&threads=-1&policy=https://evil&color=red');
    expect(state.values.k).toBe(32);
    expect(state.values.seed).toBe(1);
    expect(state.backend).toBe('auto');
    expect(state.threads).toBeNull();
    expect(state.policy).toBe(NO_HASH.policy);
    expect(problems).toHaveLength(6);
  });
});
