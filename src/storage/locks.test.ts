import { describe, expect, it } from 'vitest';
import { LocalRunLocks } from './locks';

// Web Locks themselves are tested between two real tabs (test/browser/session.spec.ts): Node 20 has none.
describe('run locks of one thread', () => {
  it('one holder at a time, free again after release', async () => {
    const locks = new LocalRunLocks();
    const release = await locks.tryAcquire('a');
    expect(release).not.toBeNull();
    expect(await locks.tryAcquire('a')).toBeNull();
    expect(await locks.held('a')).toBe(true);
    expect(await locks.tryAcquire('b')).not.toBeNull();
    await release!();
    expect(await locks.held('a')).toBe(false);
    expect(await locks.tryAcquire('a')).not.toBeNull();
  });

  it('waits for its turn', async () => {
    const locks = new LocalRunLocks();
    const release = (await locks.tryAcquire('a'))!;
    const turns: string[] = [];
    const second = locks.acquire('a').then(() => turns.push('second'));
    await locks.acquire('b');
    turns.push('first lets go');
    await release();
    await second;
    expect(turns).toEqual(['first lets go', 'second']);
  });
});
