/**
 * Seeded random numbers. Two kinds, both the same on every platform (32-bit integer arithmetic only):
 *
 * - `uniform(seed, purpose, ...keys)` is stateless: a hash of its arguments. The number of a sampled token is keyed by (seed, purpose,
 *   problem, candidate, position), so batching, resuming or changing another stream never moves it.
 * - `createRandom(seed, purpose)` is a stream, for shuffles and generators that consume an unknown number of draws.
 *
 * The hash runs two 32-bit multiply–xor lanes with cross-lane finalisation (the cyrb53 construction, public domain, with MurmurHash3's
 * mixers); the stream is Chris Doty-Humphrey's sfc32 (PractRand), seeded by that hash. Neither is cryptographic.
 */

export type RandomKey = string | number;

const M1 = 2654435761;
const M2 = 1597334677;
const words = new DataView(new ArrayBuffer(8));

/** The hash being computed: functions over these are several times as fast as ones made for each hash. */
let h1 = 0;
let h2 = 0;

function mix(word: number): void {
  h1 = Math.imul(h1 ^ word, M1);
  h2 = Math.imul(h2 ^ word, M2);
  // Rotations let the high bits of a word reach the low bits of the next state: multiplication alone only carries upwards.
  h1 = (h1 << 13) | (h1 >>> 19);
  h2 = (h2 << 15) | (h2 >>> 17);
}

function mixKey(key: RandomKey): void {
  if (typeof key === 'number') {
    words.setFloat64(0, key === 0 ? 0 : key); // −0 and 0 are the same key
    mix(0x6e);
    mix(words.getInt32(0));
    mix(words.getInt32(4));
  } else {
    mix(0x73);
    for (let i = 0; i < key.length; i++) mix(key.charCodeAt(i));
    mix(0x10000 + key.length);
  }
}

/** Two lanes of state over all arguments. Type tags keep 1 and '1' apart, terminators keep ['ab','c'] and ['a','bc'] apart. */
function absorb(seed: number, purpose: string, keys: readonly RandomKey[]): void {
  h1 = 0xdeadbeef;
  h2 = 0x41c6ce57;
  mixKey(seed);
  mixKey(purpose);
  for (const key of keys) mixKey(key);
}

/** Makes the state a hash: two unsigned 32-bit numbers. */
function finish(): void {
  let a = Math.imul(h1 ^ (h1 >>> 16), 0x85ebca6b) ^ Math.imul(h2 ^ (h2 >>> 13), 0xc2b2ae35);
  let b = Math.imul(h2 ^ (h2 >>> 16), 0x85ebca6b) ^ Math.imul(a ^ (a >>> 13), 0xc2b2ae35);
  a = Math.imul(a ^ (a >>> 15), 0x2c1b3c6d);
  b = Math.imul(b ^ (b >>> 15), 0x297a2d39);
  h1 = (a ^ (a >>> 16)) >>> 0;
  h2 = (b ^ (b >>> 16)) >>> 0;
}

function hashLanes(seed: number, purpose: string, keys: readonly RandomKey[]): [number, number] {
  absorb(seed, purpose, keys);
  finish();
  return [h1, h2];
}

/** 32-bit unsigned hash of the arguments. */
export function hash32(seed: number, purpose: string, ...keys: RandomKey[]): number {
  return hashLanes(seed, purpose, keys)[0];
}

/** 64-bit hash of the arguments as 16 hexadecimal digits: a name for content, where nobody tries to make two contents collide. */
export function hash64(seed: number, purpose: string, ...keys: RandomKey[]): string {
  return hashLanes(seed, purpose, keys)
    .map((lane) => lane.toString(16).padStart(8, '0'))
    .join('');
}

/** A number in [0, 1) that depends on the arguments only; 53 bits. */
export function uniform(seed: number, purpose: string, ...keys: RandomKey[]): number {
  absorb(seed, purpose, keys);
  return finished();
}

function finished(): number {
  finish();
  return ((h1 >>> 5) * 67108864 + (h2 >>> 6)) / 9007199254740992;
}

/** Numbers of one stream by their last key. */
export type Uniforms = (last: number) => number;

/** `uniform(seed, purpose, ...keys, last)` as a function of the last key: the others are hashed once. */
export function uniforms(seed: number, purpose: string, ...keys: RandomKey[]): Uniforms {
  absorb(seed, purpose, keys);
  const [lane1, lane2] = [h1, h2];
  return (last) => {
    h1 = lane1;
    h2 = lane2;
    mixKey(last);
    return finished();
  };
}

export interface Random {
  /** In [0, 1), 32 bits. */
  next(): number;
  /** An integer in 0 … n−1. n must be a positive integer below 2³². */
  int(n: number): number;
  /** One element, all equally likely. The array must not be empty. */
  pick<T>(items: readonly T[]): T;
  /** Shuffles in place (Fisher–Yates) and returns the array. */
  shuffle<T>(items: T[]): T[];
}

/** A stream that depends on (seed, purpose) only. */
export function createRandom(seed: number, purpose: string): Random {
  let [a, b] = hashLanes(seed, purpose, ['stream', 0]);
  let [c, d] = hashLanes(seed, purpose, ['stream', 1]);
  const next32 = (): number => {
    const t = (((a + b) | 0) + d) | 0;
    d = (d + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + t) | 0;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) next32();
  const random: Random = {
    next: () => next32() / 4294967296,
    int(n) {
      if (!Number.isInteger(n) || n < 1 || n > 4294967295) throw new RangeError(`int(n): n must be an integer from 1 to 2^32-1, got ${n}`);
      // Rejection keeps every value equally likely when n does not divide 2³².
      const limit = 4294967296 - (4294967296 % n);
      let x = next32();
      while (x >= limit) x = next32();
      return x % n;
    },
    pick(items) {
      if (items.length === 0) throw new RangeError('pick: the array is empty');
      return items[random.int(items.length)]!;
    },
    shuffle(items) {
      for (let i = items.length - 1; i > 0; i--) {
        const j = random.int(i + 1);
        [items[i], items[j]] = [items[j]!, items[i]!];
      }
      return items;
    },
  };
  return random;
}
