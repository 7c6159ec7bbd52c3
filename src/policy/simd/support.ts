import { f32x4, wasmModule } from './module';

/** Whether this engine has WebAssembly's relaxed SIMD, so that a product and its sum can be one operator. */
export function fusesMultiplyAdd(): boolean {
  const zero = f32x4.zero;
  const fused = { parameters: [], locals: [], result: 'v128', body: f32x4.fusedMulAdd(zero, zero, zero) } as const;
  return WebAssembly.validate(wasmModule({ fused }, 1));
}
