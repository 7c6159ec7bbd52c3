/** What onnxruntime-node and onnxruntime-web's CPU provider share: tensors are typed arrays in JavaScript's memory. */
import type { InferenceSession, Tensor, TypedTensor } from 'onnxruntime-common';
import type { BackendInfo } from '../types';
import { dtypeOf, type DType, type Shape, type TypedArray } from '../../tensor';
import { addTo } from '../simd/kernels';
import { isDeviceTensor, type DeviceTensor, type Feed, type Fetch, type Runtime, type Session } from './types';

/** The part of the onnxruntime API used here; both packages export it. */
export interface OrtModule {
  InferenceSession: { create(model: Uint8Array, options?: InferenceSession.SessionOptions): Promise<InferenceSession> };
  Tensor: new (type: 'float32', data: Float32Array, dims: readonly number[]) => TypedTensor<'float32'>;
}

export const ORT_TYPE: Record<DType, Tensor.Type> = { f32: 'float32', f64: 'float64', i32: 'int32', i64: 'int64', bool: 'bool' };

/** onnxruntime runs and creates sessions one at a time (two at once fail at start-up under WASM): a queue of promises. */
export class Queue {
  private tail: Promise<unknown> = Promise.resolve();
  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.tail.then(job, job);
    this.tail = result.catch(() => undefined);
    return result;
  }
}

class ArrayTensor implements DeviceTensor {
  constructor(
    readonly shape: Shape,
    public data: TypedArray,
    /** Its data are a stretch of another tensor's, to be filled rather than replaced. */
    readonly isPart = false,
  ) {}
  get dtype(): DType {
    return dtypeOf(this.data);
  }
  dispose(): void {
    this.data = this.data.slice(0, 0);
  }
}

export class ArrayRuntime implements Runtime {
  readonly kernels = 'fused';
  private readonly queue = new Queue();
  constructor(
    private readonly ort: OrtModule,
    readonly info: BackendInfo,
    private readonly sessionOptions: InferenceSession.SessionOptions,
    /** onnxruntime-node writes outputs into arrays given to it; WASM's outputs are copies out of its own memory. */
    private readonly writesInPlace: boolean,
    /** What stands for the model of a graph whose session the runtime came with. */
    private readonly builtModel: (name: string) => Uint8Array | null = () => null,
  ) {}

  builtSession(name: string): Promise<Session> | null {
    const model = this.builtModel(name);
    return model && this.createSession(model);
  }

  async createSession(model: Uint8Array): Promise<Session> {
    const session = await this.queue.run(() => this.ort.InferenceSession.create(model, this.sessionOptions));
    return {
      run: (feeds, fetches) => this.queue.run(() => this.execute(session, feeds, fetches)),
      release: () => this.queue.run(() => session.release()),
    };
  }

  private tensor(feed: Feed): Tensor {
    const data = isDeviceTensor(feed) ? (feed as ArrayTensor).data : feed.data;
    const make = this.ort.Tensor as unknown as new (type: Tensor.Type, data: TypedArray, dims: readonly number[]) => Tensor;
    return new make(ORT_TYPE[dtypeOf(data)], data, feed.shape);
  }

  private async execute<K extends string>(session: InferenceSession, feeds: Record<string, Feed>, fetches: Record<K, Fetch>) {
    // What a graph does not need of the parameters it has no input for: a prefill stops at its last keys and values.
    const inputs = Object.fromEntries(session.inputNames.map((name) => [name, this.tensor(feeds[name]!)]));
    const wanted: Record<string, Tensor | null> = {};
    for (const [name, fetch] of Object.entries(fetches) as [K, Fetch][]) {
      wanted[name] = this.writesInPlace && isDeviceTensor(fetch) ? this.tensor(fetch) : null;
    }
    const results = await session.run(inputs, wanted);
    const out = {} as Record<K, TypedArray>;
    for (const [name, fetch] of Object.entries(fetches) as [K, Fetch][]) {
      const result = results[name]!;
      const data = result.data as TypedArray;
      if (isDeviceTensor(fetch)) {
        // What onnxruntime-node returns beside the array it has written is a copy.
        if (this.writesInPlace) continue;
        const target = fetch as ArrayTensor;
        if (target.isPart) (target.data as Float32Array).set(data as Float32Array);
        else target.data = data;
      } else {
        out[name] = data;
      }
    }
    return out;
  }

  upload(shape: Shape, data: TypedArray, adopt = false): DeviceTensor {
    return new ArrayTensor(shape, adopt ? data : data.slice());
  }
  write(target: DeviceTensor, data: TypedArray): void {
    const t = target as ArrayTensor;
    // Never into the old array: a run may have handed it out.
    t.data = data.slice();
  }
  clear(target: DeviceTensor): Promise<void> {
    return this.inPlace([target], (values) => void values.fill(0));
  }
  read(source: DeviceTensor): Promise<TypedArray> {
    return Promise.resolve((source as ArrayTensor).data.slice());
  }
  part(whole: DeviceTensor, offset: number, shape: Shape): DeviceTensor {
    const size = shape.reduce((a, b) => a * b, 1);
    return new ArrayTensor(shape, (whole as ArrayTensor).data.subarray(offset, offset + size), true);
  }
  add(target: DeviceTensor, data: Float32Array): void {
    addTo((target as ArrayTensor).data as Float32Array, data);
  }
  inPlace<R>(tensors: readonly DeviceTensor[], job: (...arrays: Float32Array[]) => R): Promise<R> {
    return this.queue.run(() => Promise.resolve(job(...tensors.map((t) => (t as ArrayTensor).data as Float32Array))));
  }
  async dispose(): Promise<void> {
    await this.queue.run(() => Promise.resolve());
  }
}
