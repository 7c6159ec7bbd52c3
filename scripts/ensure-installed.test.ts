import { describe, expect, test } from 'vitest';
import { missingPackages, nodeIsNewEnough } from './ensure-installed.mjs';

describe('before start and test', () => {
  test.each([
    ['18.20.8', false],
    ['20.18.3', false],
    ['20.19.0', true],
    ['22.1.0', true],
  ])('Node %s: %s', (version, enough) => expect(nodeIsNewEnough(version)).toBe(enough));

  const lock = {
    packages: {
      '': {},
      'node_modules/a': { version: '1.0.0' },
      'node_modules/a/node_modules/@scope/b': { version: '2.0.0' },
      'node_modules/other-platform': { version: '1.0.0', optional: true },
    },
  };
  test('a fresh clone lacks everything that is not optional', () => {
    expect(missingPackages(lock, null)).toEqual(['a', '@scope/b']);
  });
  test('another version is installed anew, also of an optional package', () => {
    const installed = {
      packages: { ...lock.packages, 'node_modules/a': { version: '0.9.0' }, 'node_modules/other-platform': { version: '0.9.0' } },
    };
    expect(missingPackages(lock, installed)).toEqual(['a', 'other-platform']);
  });
  test('what is there is left alone', () => {
    expect(
      missingPackages(lock, {
        packages: { 'node_modules/a': { version: '1.0.0' }, 'node_modules/a/node_modules/@scope/b': { version: '2.0.0' } },
      }),
    ).toEqual([]);
  });
});
