/** One small session on onnxruntime-web: a matrix product of two 64×64 matrices of ones. */
import { loadOrt, type OrtKind } from '../../../src/policy/runtime/ort-web';
import { encode, input, matmul } from '../../../src/tensor';

export interface OrtRequest {
  kind: OrtKind;
  provider?: 'wasm' | 'webgpu';
  threads?: number;
}
export type OrtReply = { value: number; threads: number; isolated: boolean } | { error: string };

self.onmessage = async (event: MessageEvent<OrtRequest>) => {
  const { kind, provider = 'wasm', threads = 1 } = event.data;
  try {
    const x = input('x', [64, 64]);
    const model = encode({ y: matmul(x, x) });
    const ort = await loadOrt(kind, { threads });
    const session = await ort.InferenceSession.create(model, { executionProviders: [provider] });
    const ones = new ort.Tensor('float32', new Float32Array(64 * 64).fill(1), [64, 64]);
    const { y } = await session.run({ x: ones });
    const data = (await y!.getData()) as Float32Array;
    await session.release();
    postMessage({ value: data[0]!, threads: ort.env.wasm.numThreads ?? 0, isolated: crossOriginIsolated } satisfies OrtReply);
  } catch (error) {
    postMessage({ error: String(error) } satisfies OrtReply);
  }
};
