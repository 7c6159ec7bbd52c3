/** The address of a variant of the runtime's WASM, by scripts/vite/runtime.ts. */
declare module 'virtual:ort-wasm/*' {
  const url: string;
  export default url;
}
