/** WebGPU in Node by Dawn (the package `webgpu`): the globals that a browser has, before anything that looks for them is loaded. */
import { create, globals } from 'webgpu';

Object.assign(globalThis, globals);
const gpu = create([]);
Object.defineProperty(globalThis, 'navigator', { value: { gpu, hardwareConcurrency: 1, userAgent: 'Node' }, configurable: true });

// Dawn refuses views of shared memory, which onnxruntime's is.
const { prototype } = GPUQueue;

const write = prototype.writeBuffer as (...args: unknown[]) => undefined;
prototype.writeBuffer = function (this: GPUQueue, ...[buffer, at, data, from = 0, size]: Parameters<GPUQueue['writeBuffer']>): undefined {
  const view = ArrayBuffer.isView(data) ? data : new Uint8Array(data);
  const unit = (view as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
  const bytes = new Uint8Array(
    view.buffer,
    view.byteOffset + from * unit,
    size === undefined ? view.byteLength - from * unit : size * unit,
  );
  return write.call(this, buffer, at, view.buffer instanceof SharedArrayBuffer ? bytes.slice() : bytes);
};

export { gpu };
