/** onnxruntime-web's native WebGPU provider: tensors that outlive a run are GPU buffers of one device that all sessions share. */
import { HintedError } from '../../base/errors';
import type { InferenceSession, Tensor } from 'onnxruntime-common';
import { dtypeOf, type Shape, type TypedArray } from '../../tensor';
import type { BackendInfo } from '../types';
import { GpuTensor, readBuffers } from './webgpu-tensor';
import { ORT_TYPE, Queue, type OrtModule } from './ort';
import { isDeviceTensor, type DeviceAdamw, type DeviceTensor, type Feed, type Fetch, type Runtime, type Session } from './types';
import { WebGpuAdamw } from './webgpu-adamw';

type OrtTensors = {
  Tensor: { new (type: Tensor.Type, data: TypedArray, dims: readonly number[]): Tensor; fromGpuBuffer: typeof Tensor.fromGpuBuffer };
};

/** The driver was reset or replaced, or the browser took the device away. Nothing computed on it can be read any more. */
export class DeviceLostError extends HintedError {
  override readonly name = 'DeviceLostError';
  constructor(reason: string) {
    super(`The graphics device was lost (${reason}).`, 'What is stored is kept; choose WebGPU again to try it on a new device.');
  }
}

export class WebGpuRuntime implements Runtime {
  readonly kernels = 'gpu';
  private readonly queue = new Queue();
  private lost: DeviceLostError | null = null;
  /** Fails the job in progress: nothing promises that it would ever end by itself on a lost device. */
  private fail: ((error: DeviceLostError) => void) | null = null;
  private disposed = false;

  private constructor(
    private readonly ort: OrtModule & OrtTensors,
    private readonly device: GPUDevice,
    readonly info: BackendInfo,
    private readonly strict: boolean,
  ) {
    void device.lost.then(({ message, reason }) => {
      this.lost = new DeviceLostError(message || reason);
      this.fail?.(this.lost);
    });
  }

  /**
   * `strict` refuses graphs with a node that the provider would place on the CPU.
   * @throws Error where no adapter or device is to be had.
   */
  static async create(ort: OrtModule, gpu: GPU, { strict = false } = {}): Promise<WebGpuRuntime> {
    const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' });
    if (!adapter) throw new Error('WebGPU is there, but no graphics adapter is available to it.');
    // The default limits hold a binding to 128 MiB; ask for what the adapter has.
    const {
      maxStorageBufferBindingSize,
      maxBufferSize,
      maxComputeWorkgroupStorageSize,
      maxComputeInvocationsPerWorkgroup,
      maxStorageBuffersPerShaderStage,
    } = adapter.limits;
    const device = await adapter.requestDevice({
      requiredFeatures: (['shader-f16', 'subgroups'] as GPUFeatureName[]).filter((f) => adapter.features.has(f)),
      requiredLimits: {
        maxStorageBufferBindingSize,
        maxBufferSize,
        maxComputeWorkgroupStorageSize,
        maxComputeInvocationsPerWorkgroup,
        maxStorageBuffersPerShaderStage,
      },
    });
    const { vendor, architecture, description } = adapter.info;
    const detail = description || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed adapter';
    return new WebGpuRuntime(ort as OrtModule & OrtTensors, device, { name: 'webgpu', threads: 1, detail }, strict);
  }

  async createSession(model: Uint8Array): Promise<Session> {
    const options = {
      executionProviders: [{ name: 'webgpu', device: this.device }],
      graphOptimizationLevel: 'all',
      enableGraphCapture: false,
      // What is wanted on the host is read at once after the run: the runtime itself would map a buffer for each output.
      preferredOutputLocation: 'gpu-buffer',
      extra: { session: { disable_cpu_ep_fallback: this.strict ? '1' : '0' } },
    } as unknown as InferenceSession.SessionOptions;
    const session = await this.onDevice(() => this.ort.InferenceSession.create(model, options));
    return {
      run: (feeds, fetches) => this.onDevice(() => this.execute(session, feeds, fetches)),
      release: () => this.onDevice(() => session.release()),
    };
  }

  /** One job after the other, as long as the device is there. @throws DeviceLostError */
  private onDevice<T>(job: () => Promise<T>): Promise<T> {
    return this.queue.run(() => {
      if (this.lost) return Promise.reject(this.lost);
      // Not Promise.race with `device.lost`: that promise would remember every run.
      return new Promise<T>((resolve, reject) => {
        this.fail = reject;
        job().then(resolve, reject);
      }).finally(() => (this.fail = null));
    });
  }

  private tensor(feed: Feed): Tensor {
    if (!isDeviceTensor(feed)) return new this.ort.Tensor(ORT_TYPE[dtypeOf(feed.data)], feed.data, feed.shape);
    const { buffer, shape, dtype } = feed as GpuTensor;
    return this.ort.Tensor.fromGpuBuffer(buffer, { dataType: dtype === 'f32' ? 'float32' : 'int32', dims: shape });
  }

  private async execute<K extends string>(session: InferenceSession, feeds: Record<string, Feed>, fetches: Record<K, Fetch>) {
    const inputs = Object.fromEntries(Object.entries(feeds).map(([name, feed]) => [name, this.tensor(feed)]));
    const wanted: Record<string, Tensor | null> = {};
    for (const [name, fetch] of Object.entries(fetches) as [K, Fetch][]) wanted[name] = isDeviceTensor(fetch) ? this.tensor(fetch) : null;
    const results = await session.run(inputs, wanted);
    const hosts = (Object.keys(fetches) as K[])
      .filter((name) => !isDeviceTensor(fetches[name]))
      .map((name) => [name, results[name]!] as const);
    if (hosts.length === 0) return {} as Record<K, TypedArray>;
    const readings = hosts.map(([, { gpuBuffer, size, type }]) => {
      return { buffer: gpuBuffer, byteLength: 4 * size, dtype: type === 'float32' ? ('f32' as const) : ('i32' as const) };
    });
    const values = await readBuffers(this.device, readings);
    for (const [, tensor] of hosts) tensor.dispose();
    return Object.fromEntries(hosts.map(([name], i) => [name, values[i]!])) as Record<K, TypedArray>;
  }

  upload(shape: Shape, data: TypedArray): DeviceTensor {
    const tensor = new GpuTensor(this.device, shape, dtypeOf(data));
    this.write(tensor, data);
    return tensor;
  }

  write(target: DeviceTensor, data: TypedArray): void {
    this.device.queue.writeBuffer((target as GpuTensor).buffer, 0, data);
  }

  clear(target: DeviceTensor): Promise<void> {
    return this.onDevice(() => {
      const encoder = this.device.createCommandEncoder();
      encoder.clearBuffer((target as GpuTensor).buffer);
      this.device.queue.submit([encoder.finish()]);
      return Promise.resolve();
    });
  }

  async read(source: DeviceTensor): Promise<TypedArray> {
    return (await this.readAll([source]))[0]!;
  }

  readAll(sources: readonly DeviceTensor[]): Promise<TypedArray[]> {
    return this.onDevice(() => readBuffers(this.device, sources as readonly GpuTensor[]));
  }

  adamw(decay: Float32Array): DeviceAdamw {
    return new WebGpuAdamw(this.device, decay, (job) => this.onDevice(job));
  }

  async dispose(): Promise<void> {
    if (this.disposed) return;
    this.disposed = true;
    await this.queue.run(() => Promise.resolve());
    this.device.destroy();
  }
}
