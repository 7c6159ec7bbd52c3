/** Counts what a runtime asks of WebGPU, by wrapping its interfaces before the runtime is loaded. */
export interface GpuCounts {
  dispatches: number;
  submits: number;
  /** Writes from JavaScript's memory. */
  uploads: number;
  /** Those of 1 KiB and more: data, not the few numbers that a runtime hands to each dispatch. */
  largeUploads: number;
  uploadedBytes: number;
  /** Buffers mapped for reading. */
  readbacks: number;
  /** Buffers made and not destroyed. */
  buffers: number;
  bufferBytes: number;
}

/** Returns the running counts. Without WebGPU they stay at nought. */
export function countGpu(): () => GpuCounts {
  const counts: GpuCounts = {
    dispatches: 0,
    submits: 0,
    uploads: 0,
    largeUploads: 0,
    uploadedBytes: 0,
    readbacks: 0,
    buffers: 0,
    bufferBytes: 0,
  };
  if (typeof GPUDevice === 'undefined') return () => ({ ...counts });
  const around = <T extends object>(
    type: { prototype: T },
    name: keyof T,
    before: (self: T, args: unknown[], result: unknown) => void,
  ): void => {
    const original = type.prototype[name] as (...args: unknown[]) => unknown;
    type.prototype[name] = function (this: T, ...args: unknown[]) {
      const result = original.apply(this, args);
      before(this, args, result);
      return result;
    } as T[keyof T];
  };
  const upload = (bytes: number): void => {
    counts.uploads++;
    counts.uploadedBytes += bytes;
    if (bytes >= 1024) counts.largeUploads++;
  };
  const live = new WeakMap<object, number>();
  around(GPUComputePassEncoder, 'dispatchWorkgroups', () => counts.dispatches++);
  around(GPUComputePassEncoder, 'dispatchWorkgroupsIndirect', () => counts.dispatches++);
  around(GPUQueue, 'submit', () => counts.submits++);
  around(GPUQueue, 'writeBuffer', (_, args) => {
    const [, , data, , size] = args as [unknown, number, { byteLength: number; BYTES_PER_ELEMENT?: number }, number?, number?];
    upload(size === undefined ? data.byteLength : size * (data.BYTES_PER_ELEMENT ?? 1));
  });
  around(GPUBuffer, 'mapAsync', (_, args) => {
    if (((args[0] as number) & 1) !== 0) counts.readbacks++;
  });
  around(GPUDevice, 'createBuffer', (_, args, buffer) => {
    const { size, mappedAtCreation = false } = args[0] as { size: number; mappedAtCreation?: boolean };
    live.set(buffer as object, size);
    counts.buffers++;
    counts.bufferBytes += size;
    if (mappedAtCreation) upload(size);
  });
  around(GPUBuffer, 'destroy', (buffer) => {
    const size = live.get(buffer);
    if (size === undefined) return;
    live.delete(buffer);
    counts.buffers--;
    counts.bufferBytes -= size;
  });
  return () => ({ ...counts });
}

/** Returns the bytes of all WebAssembly memories made from here on. */
export function countWasmMemory(): () => number {
  const memories: WebAssembly.Memory[] = [];
  const Original = WebAssembly.Memory;
  WebAssembly.Memory = class extends Original {
    constructor(descriptor: WebAssembly.MemoryDescriptor) {
      super(descriptor);
      memories.push(this);
    }
  };
  return () => memories.reduce((sum, memory) => sum + memory.buffer.byteLength, 0);
}

export interface Adapter {
  name: string;
  /** Computed by the processor: right, but its times mean nothing. */
  software: boolean;
}

/** Null where there is none. */
export async function adapterHere(): Promise<Adapter | null> {
  const gpu = (navigator as { gpu?: GPU }).gpu;
  const adapter = await gpu?.requestAdapter({ powerPreference: 'high-performance' });
  if (!adapter) return null;
  const { vendor, architecture, description } = adapter.info;
  const name = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
  return { name, software: adapter.info.isFallbackAdapter || /swiftshader|llvmpipe|software/i.test(`${name} ${architecture}`) };
}
