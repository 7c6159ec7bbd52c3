import { describe, expect, it } from 'vitest';
import { count, duration, fixed, interval, percent, plural, significant, timeLeft } from './format';

describe('numbers', () => {
  it('uses a minus sign and no negative zero', () => {
    expect(fixed(-184.44)).toBe('−184.44');
    expect(fixed(-0.001)).toBe('0.00');
    expect(fixed(Number.NaN)).toBe('–');
    expect(fixed(null)).toBe('–');
  });
  it('keeps significant digits', () => {
    expect(significant(0.0123456)).toBe('0.0123');
    expect(significant(3e-5)).toBe('3.00\u202f×\u202f10⁻⁵');
    expect(significant(8102.3)).toBe('8102');
    expect(significant(12345678)).toBe('1.23\u202f×\u202f10⁷');
    expect(significant(0)).toBe('0');
  });
  it('groups thousands from five digits', () => {
    expect(count(7634)).toBe('7634');
    expect(count(48006)).toBe('48\u202f006');
  });
  it('writes percentages, plurals and intervals', () => {
    expect(percent(0.125, 1)).toBe('12.5\u202f%');
    expect(plural(1, 'problem')).toBe('1 problem');
    expect(plural(2, 'problem')).toBe('2 problems');
    expect(interval([0.1, 0.25])).toBe('10–25');
  });
});

describe('times', () => {
  it('elapsed', () => {
    expect(duration(0.43)).toBe('0.4 s');
    expect(duration(59.4)).toBe('59 s');
    expect(duration(59.6)).toBe('1 min');
    expect(duration(125)).toBe('2 min 5 s');
    expect(duration(3840)).toBe('1 h 4 min');
    expect(duration(-1)).toBe('–');
  });
  it('left', () => {
    expect(timeLeft(null)).toBe('estimating the time left');
    expect(timeLeft(2)).toBe('a few seconds left');
    expect(timeLeft(41)).toBe('about 45 s left');
    expect(timeLeft(100)).toBe('about 2 min left');
    expect(timeLeft(5400)).toBe('about 1.5 h left');
  });
});
