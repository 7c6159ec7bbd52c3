import type { AdamwSettings } from '../adamw';
import type { BackendInfo } from '../types';
import type { DType, Shape, TypedArray } from '../../tensor';

/**
 * A tensor that lives where the backend computes: a GPU buffer under WebGPU, a typed array elsewhere. Reused between runs;
 * a run may not read and write the same one.
 */
export interface DeviceTensor {
  readonly shape: Shape;
  readonly dtype: DType;
  dispose(): void;
}

export interface HostTensor {
  readonly shape: Shape;
  readonly data: TypedArray;
}

export type Feed = HostTensor | DeviceTensor;
/** Where an output goes: to JavaScript, or into a device tensor made before. */
export type Fetch = 'host' | DeviceTensor;

export interface Session {
  /** Runs are serialised by the runtime. Outputs fetched to the host are fresh arrays, owned by the caller. */
  run<K extends string>(feeds: Record<string, Feed>, fetches: Record<K, Fetch>): Promise<Record<K, TypedArray>>;
  release(): Promise<void>;
}

/** onnxruntime behind one small door: the same code drives onnxruntime-node, WASM and WebGPU. */
export interface Runtime {
  readonly info: BackendInfo;
  /** How graphs are best made (graphs/llama.ts). */
  readonly kernels: 'plain' | 'gpu' | 'fused';
  createSession(model: Uint8Array): Promise<Session>;
  /** The session of the graph of this name (`graphName`), where the runtime came with it and nobody has it yet. */
  builtSession?(name: string): Promise<Session> | null;
  /** A device tensor with the given values. `adopt`: the array may become the tensor, which saves a copy where tensors are arrays. */
  upload(shape: Shape, data: TypedArray, adopt?: boolean): DeviceTensor;
  write(target: DeviceTensor, data: TypedArray): void;
  /** Makes all values of an f32 tensor zero, where they are. */
  clear(target: DeviceTensor): Promise<void>;
  read(source: DeviceTensor): Promise<TypedArray>;
  /**
   * `size(shape)` values of a device tensor from `offset` on, as a tensor to feed or to fetch into, without a copy. Valid until the tensor is next
   * fetched into. Absent where buffers cannot be bound in parts.
   */
  part?(whole: DeviceTensor, offset: number, shape: Shape): DeviceTensor;
  /** target += data, elementwise. Absent where tensors are not JavaScript's. */
  add?(target: DeviceTensor, data: Float32Array): void;
  /**
   * Calls `job` with the values of device tensors, between runs, to read and change them where they are. Absent where they are not arrays in
   * JavaScript's memory.
   */
  inPlace?<R>(tensors: readonly DeviceTensor[], job: (...arrays: Float32Array[]) => R): Promise<R>;
  /** Values of several device tensors at once. Absent where reading one costs nothing. */
  readAll?(sources: readonly DeviceTensor[]): Promise<TypedArray[]>;
  /** AdamW for vectors that decay where `decay` is 1. Where there is no `inPlace`. */
  adamw?(decay: Float32Array): DeviceAdamw;
  dispose(): Promise<void>;
}

/** Flat vectors [P]. */
export interface AdamwState {
  parameters: DeviceTensor;
  m: DeviceTensor;
  v: DeviceTensor;
  gradient: DeviceTensor;
}

/** What an update did, with the metrics that were handed to it. */
export interface UpdateReport {
  /** Global gradient norm before clipping. */
  norm: number;
  applied: boolean;
  /** By micro-batch, in the order of `METRICS`; entries after them mean nothing. */
  metrics: Float32Array[];
}

/** Updates that change tensors where they are, and whose reports wait on the device. */
export interface DeviceAdamw {
  /** Whether an update of so many micro-batches can be queued before the reports are read. */
  fits(batches: number): boolean;
  /**
   * One update, queued. A gradient or a loss (among `metrics`, one tensor a micro-batch) that is not finite changes nothing, and neither does any
   * later update until the reports are read.
   */
  update(state: AdamwState, settings: AdamwSettings, metrics: readonly DeviceTensor[]): Promise<void>;
  /** Reports of the updates since the last read, in order: one readback. */
  read(): Promise<UpdateReport[]>;
  dispose(): void;
}

export function isDeviceTensor(x: Feed | Fetch): x is DeviceTensor {
  return typeof x === 'object' && 'dispose' in x;
}
