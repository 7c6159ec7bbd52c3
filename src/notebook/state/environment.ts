/** The features that this browser offers, with a sentence for each that is missing. */

export interface Environment {
  /** Whether `navigator.gpu` exists. Only the request for an adapter shows whether it can be used. */
  webgpu: boolean;
  cores: number;
  indexedDB: boolean;
  secure: boolean;
}

export interface Advice {
  id: string;
  message: string;
  hint: string;
}

export function readEnvironment(scope: typeof globalThis = globalThis): Environment {
  const nav = scope.navigator as Navigator | undefined;
  return {
    webgpu: nav !== undefined && 'gpu' in nav,
    cores: nav?.hardwareConcurrency ?? 1,
    indexedDB: typeof scope.indexedDB !== 'undefined',
    secure: scope.isSecureContext !== false,
  };
}

export function advice(environment: Environment): Advice[] {
  const list: Advice[] = [];
  if (!environment.webgpu) {
    list.push({
      id: 'webgpu',
      message: 'This browser has no WebGPU, so the model runs on the processor (WASM).',
      hint: 'For a policy this small that is often the faster choice anyway. A current Chrome, Edge, Safari or Firefox has WebGPU.',
    });
  }
  if (!environment.indexedDB) {
    list.push({
      id: 'indexeddb',
      message: 'This browser offers no IndexedDB here (private mode, perhaps), so nothing survives a reload.',
      hint: 'Everything works in this tab until you close it. Use a normal window to keep results.',
    });
  }
  return list;
}
