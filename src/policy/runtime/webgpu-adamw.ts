/**
 * AdamW as two kernels of our own: what `adamwInPlace` computes, with the values where they are on the device and a report that stays there, too, until
 * someone wants to know.
 */
import { FINITE_NORM, type AdamwSettings } from '../adamw';
import type { AdamwState, DeviceAdamw, DeviceTensor, UpdateReport } from './types';
import { GpuTensor, readBuffers, USAGE } from './webgpu-tensor';

/** Workgroups that sum squares, and threads of a workgroup. */
const SUMS = 64;
const THREADS = 256;
/** The ledger's rows: one for each micro-batch's metrics, and one for the update that follows them. */
const ROWS = 512;
const WIDTH = 8;
/** Place of the loss among a micro-batch's metrics. */
const LOSS = 1;

const SHADER = /* wgsl */ `
struct Settings {
  size: u32, row: u32, batches: u32, unused: u32,
  beta1: f32, beta2: f32, new1: f32, new2: f32,
  clipNorm: f32, shrink: f32, rate: f32, epsilon: f32,
}
@group(0) @binding(0) var<uniform> settings: Settings;
@group(0) @binding(1) var<storage, read> gradient: array<f32>;
@group(0) @binding(2) var<storage, read_write> sums: array<f32>;

var<workgroup> shared_sums: array<f32, ${THREADS}>;

@compute @workgroup_size(${THREADS})
fn squares(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_index) local: u32, @builtin(workgroup_id) group: vec3u) {
  var sum = 0.0;
  for (var i = id.x; i < settings.size; i += ${SUMS * THREADS}u) { sum += gradient[i] * gradient[i]; }
  shared_sums[local] = sum;
  workgroupBarrier();
  for (var half = ${THREADS / 2}u; half > 0u; half /= 2u) {
    if (local < half) { shared_sums[local] += shared_sums[local + half]; }
    workgroupBarrier();
  }
  if (local == 0u) { sums[group.x] = shared_sums[0]; }
}

@group(0) @binding(3) var<storage, read_write> parameters: array<f32>;
@group(0) @binding(4) var<storage, read_write> m: array<f32>;
@group(0) @binding(5) var<storage, read_write> v: array<f32>;
@group(0) @binding(6) var<storage, read> decay: array<f32>;
@group(0) @binding(7) var<storage, read_write> ledger: array<f32>;
@group(0) @binding(8) var<storage, read_write> stopped: atomic<u32>;

// By the bits: a compiler may take it that no number is infinite or NaN, and drop a comparison that looks for them.
fn finite(x: f32) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) < 0x7f800000u; }

@compute @workgroup_size(${THREADS})
fn update(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  var total = 0.0;
  for (var i = 0u; i < ${SUMS}u; i++) { total += sums[i]; }
  var ok = finite(total) && atomicLoad(&stopped) == 0u;
  for (var i = 0u; i < settings.batches; i++) { ok = ok && finite(ledger[(settings.row + i) * ${WIDTH}u + ${LOSS}u]); }
  let norm = sqrt(total);
  ok = ok && norm < ${FINITE_NORM};
  if (id.x == 0u) {
    let at = (settings.row + settings.batches) * ${WIDTH}u;
    ledger[at] = norm;
    ledger[at + 1u] = select(0.0, 1.0, ok);
    // Other workgroups may see this before they asked: they have found the same reason themselves.
    if (!ok) { atomicStore(&stopped, 1u); }
  }
  if (!ok) { return; }
  let clip = min(1.0, settings.clipNorm / (norm + 1e-6));
  for (var i = id.x; i < settings.size; i += groups.x * ${THREADS}u) {
    let g = gradient[i] * clip;
    let m1 = settings.beta1 * m[i] + settings.new1 * g;
    let v1 = settings.beta2 * v[i] + settings.new2 * g * g;
    m[i] = m1;
    v[i] = v1;
    parameters[i] = parameters[i] * (1.0 - settings.shrink * decay[i]) - settings.rate * m1 / (sqrt(v1) + settings.epsilon);
  }
}`;

export class WebGpuAdamw implements DeviceAdamw {
  private readonly pipelines: { squares: GPUComputePipeline; update: GPUComputePipeline };
  private readonly settings: GPUBuffer;
  private readonly sums: GpuTensor;
  private readonly decay: GpuTensor;
  private readonly ledger: GpuTensor;
  private readonly stopped: GpuTensor;
  /** Micro-batches of each update since the last read. */
  private batches: number[] = [];
  private row = 0;

  /** `decay` [P]: 1 where weights decay. `onDevice` queues work among the runtime's own. */
  constructor(
    private readonly device: GPUDevice,
    decay: Float32Array,
    private readonly onDevice: <T>(job: () => Promise<T>) => Promise<T>,
  ) {
    const module = device.createShaderModule({ code: SHADER });
    const pipeline = (entryPoint: string): GPUComputePipeline =>
      device.createComputePipeline({ layout: 'auto', compute: { module, entryPoint } });
    this.pipelines = { squares: pipeline('squares'), update: pipeline('update') };
    this.settings = device.createBuffer({ size: 48, usage: USAGE.UNIFORM | USAGE.COPY_DST });
    this.sums = new GpuTensor(device, [SUMS], 'f32');
    this.decay = new GpuTensor(device, [decay.length], 'f32');
    device.queue.writeBuffer(this.decay.buffer, 0, decay);
    this.ledger = new GpuTensor(device, [ROWS, WIDTH], 'f32');
    this.stopped = new GpuTensor(device, [1], 'i32');
  }

  /** Rows that are left for updates of one more micro-batch. */
  fits(batches: number): boolean {
    return this.row + batches + 1 <= ROWS;
  }

  update(state: AdamwState, s: AdamwSettings, metrics: readonly DeviceTensor[]): Promise<void> {
    if (!this.fits(metrics.length)) return Promise.reject(new RangeError('The reports of earlier updates must be read first.'));
    return this.onDevice(() => {
      const { device, settings, sums, decay, ledger, stopped, pipelines } = this;
      const [parameters, m, v, gradient] = [state.parameters, state.m, state.v, state.gradient] as GpuTensor[];
      const size = decay.shape[0]!;
      const root2 = Math.sqrt(s.correction2);
      const data = new ArrayBuffer(48);
      new Uint32Array(data).set([size, this.row, metrics.length]);
      const shrink = s.learningRate * s.weightDecay;
      const rate = (s.learningRate * root2) / s.correction1;
      new Float32Array(data, 16).set([s.beta1, s.beta2, 1 - s.beta1, 1 - s.beta2, s.clipNorm, shrink, rate, s.epsilon * root2]);
      device.queue.writeBuffer(settings, 0, data);

      const encoder = device.createCommandEncoder();
      metrics.forEach((t, i) => {
        const { buffer, byteLength } = t as GpuTensor;
        encoder.copyBufferToBuffer(buffer, 0, ledger.buffer, 4 * WIDTH * (this.row + i), byteLength);
      });
      const pass = encoder.beginComputePass();
      const run = (pipeline: GPUComputePipeline, groups: number, ...buffers: [number, GPUBuffer][]): void => {
        const entries = buffers.map(([binding, buffer]) => ({ binding, resource: { buffer } }));
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries }));
        pass.dispatchWorkgroups(groups);
      };
      const shared: [number, GPUBuffer][] = [settings, gradient!.buffer, sums.buffer].map((buffer, i) => [i, buffer]);
      run(pipelines.squares, SUMS, ...shared);
      const own = [parameters!, m!, v!, decay, ledger, stopped].map((t, i): [number, GPUBuffer] => [i + 3, t.buffer]);
      run(pipelines.update, Math.min(1024, Math.ceil(size / THREADS)), ...shared, ...own);
      pass.end();
      device.queue.submit([encoder.finish()]);
      this.batches.push(metrics.length);
      this.row += metrics.length + 1;
      return Promise.resolve();
    });
  }

  read(): Promise<UpdateReport[]> {
    return this.onDevice(async () => {
      const { batches } = this;
      if (batches.length === 0) return [];
      const [values] = (await readBuffers(this.device, [this.ledger])) as [Float32Array];
      const row = (at: number): Float32Array => values.slice(at * WIDTH, (at + 1) * WIDTH);
      let at = 0;
      const reports = batches.map((count) => {
        const metrics = Array.from({ length: count }, () => row(at++));
        const [norm, applied] = row(at++) as unknown as [number, number];
        return { norm, applied: applied === 1, metrics };
      });
      this.batches = [];
      this.row = 0;
      if (reports.some((r) => !r.applied)) this.device.queue.writeBuffer(this.stopped.buffer, 0, new Uint32Array(1));
      return reports;
    });
  }

  dispose(): void {
    this.settings.destroy();
    for (const t of [this.sums, this.decay, this.ledger, this.stopped]) t.dispose();
  }
}
