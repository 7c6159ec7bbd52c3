import { describe, expect, it } from 'vitest';
import { HintedError, hintOf, inWords, messageOf } from './errors';

describe('HintedError', () => {
  it('carries what happened, what to do and what caused it', () => {
    const cause = new TypeError('fetch failed');
    const error = new HintedError('config.json is missing.', 'Check the folder.', { cause });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ name: 'HintedError', message: 'config.json is missing.', hint: 'Check the folder.', cause });
  });

  it('lets a subclass have a name of its own, by which code tells it apart', () => {
    class Lost extends HintedError {
      override readonly name = 'Lost';
    }
    const error = new Lost('Lost.', 'Search.');
    expect(error).toBeInstanceOf(HintedError);
    expect(error.name).toBe('Lost');
    expect(hintOf(error)).toBe('Search.');
  });
});

describe('anything caught', () => {
  it('has a hint only where it brings one', () => {
    expect(hintOf(new HintedError('a', 'b'))).toBe('b');
    for (const other of [new Error('a'), Object.assign(new Error('a'), { hint: 1 }), { hint: 'b' }, 'b', null, undefined]) {
      expect(hintOf(other)).toBeNull();
    }
  });

  it('has a message', () => {
    expect(messageOf(new RangeError('too long'))).toBe('too long');
    expect(messageOf('a text')).toBe('a text');
    expect(messageOf(undefined)).toBe('undefined');
  });

  it('is said in one line', () => {
    expect(inWords(new HintedError('It broke.', 'Mend it.'))).toBe('It broke. Mend it.');
    expect(inWords(new Error('It broke.'))).toBe('It broke.');
  });
});
