import type { DType, Shape, TypedArray } from '../../tensor';
import type { DeviceTensor } from './types';

/** Flags of the WebGPU specification (GPUBufferUsage, GPUMapMode): the globals are missing from TypeScript's library and from some hosts. */
export const USAGE = { MAP_READ: 0x01, COPY_SRC: 0x04, COPY_DST: 0x08, UNIFORM: 0x40, STORAGE: 0x80 } as const;
const MAP_READ = 0x01;

/** The provider binds buffers in multiples of this. */
export const ALIGN = 16;

const aligned = (bytes: number): number => Math.ceil(bytes / ALIGN) * ALIGN;

export class GpuTensor implements DeviceTensor {
  readonly byteLength: number;
  readonly buffer: GPUBuffer;
  constructor(
    device: GPUDevice,
    readonly shape: Shape,
    readonly dtype: DType,
  ) {
    if (dtype !== 'f32' && dtype !== 'i32') throw new TypeError(`A GPU tensor is f32 or i32; ${dtype} was asked for.`);
    this.byteLength = 4 * shape.reduce((a, b) => a * b, 1);
    this.buffer = device.createBuffer({ size: aligned(this.byteLength), usage: USAGE.STORAGE | USAGE.COPY_SRC | USAGE.COPY_DST });
  }
  dispose(): void {
    this.buffer.destroy();
  }
}

/** What is read of a buffer: so many values of a type, from its start. */
export interface Reading {
  buffer: GPUBuffer;
  byteLength: number;
  dtype: DType;
}

/** The values of buffers, by one readback for all of them. */
export async function readBuffers(device: GPUDevice, readings: readonly Reading[]): Promise<TypedArray[]> {
  const offsets: number[] = [];
  const size = readings.reduce((at, { byteLength }) => (offsets.push(at), at + aligned(byteLength)), 0);
  const staging = device.createBuffer({ size, usage: USAGE.MAP_READ | USAGE.COPY_DST });
  const encoder = device.createCommandEncoder();
  readings.forEach(({ buffer, byteLength }, i) => encoder.copyBufferToBuffer(buffer, 0, staging, offsets[i]!, byteLength));
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(MAP_READ);
  const bytes = staging.getMappedRange().slice(0);
  staging.destroy();
  return readings.map(({ byteLength, dtype }, i) => new (dtype === 'f32' ? Float32Array : Int32Array)(bytes, offsets[i], byteLength / 4));
}
