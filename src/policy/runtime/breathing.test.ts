import { expect, it } from 'vitest';
import { createNodeRuntime } from './node';
import type { Runtime } from './types';
import { Breather, breathing } from './web-breathing';

it('a breathing runtime has whatever the runtime has: an optional method that is left out costs its speed in silence', async () => {
  const runtime: Runtime = createNodeRuntime(1);
  // What only a graphics device has.
  runtime.readAll = () => Promise.resolve([]);
  runtime.adamw = () => {
    throw new Error('not called');
  };
  const other = breathing(runtime, new Breather());
  const names: Record<keyof Runtime, true> = {
    info: true,
    kernels: true,
    createSession: true,
    builtSession: true,
    upload: true,
    write: true,
    clear: true,
    read: true,
    part: true,
    add: true,
    inPlace: true,
    readAll: true,
    adamw: true,
    dispose: true,
  };
  for (const name of Object.keys(names) as (keyof Runtime)[]) expect(typeof other[name], name).toBe(typeof runtime[name]);
  const tensor = other.upload([3], Float32Array.of(1, 2, 3));
  other.add!(tensor, Float32Array.of(1, 1, 1));
  await other.inPlace!([tensor], (values) => void (values[0] = 7));
  expect(await runtime.read(tensor)).toEqual(Float32Array.of(7, 3, 4));
  await other.clear(tensor);
  expect(await other.read(tensor)).toEqual(new Float32Array(3));
});
