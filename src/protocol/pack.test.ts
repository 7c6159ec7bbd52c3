import { describe, expect, it } from 'vitest';
import { packArrays } from './pack';

describe('packing', () => {
  it('keeps the data as it was, leaves the original alone, and needs one buffer', () => {
    const tokens = Int32Array.of(1, 2, 3);
    const data = {
      events: [
        { text: 'a', tokens, logProbs: Float32Array.of(-0.5, -1), again: tokens, known: null, of: { mu: Float64Array.of(-0.1) } },
        { text: 'b', tokens: new Int32Array(0), logProbs: Float32Array.of(-2), missing: undefined },
      ],
      count: 2,
    };
    const before = structuredClone(data);
    const { packed, buffer } = packArrays(data);
    const received = structuredClone({ packed }, { transfer: [buffer] }).packed;
    expect(received).toEqual(before);
    expect(data).toEqual(before);
    const { events } = received;
    expect(events[0]!.again).toBe(events[0]!.tokens);
    const arrays = [events[0]!.tokens, events[0]!.logProbs, events[0]!.of!.mu, events[1]!.tokens, events[1]!.logProbs];
    expect(new Set(arrays.map((array) => array.buffer)).size).toBe(1);
  });
});
