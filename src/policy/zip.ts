import { zipSync, type Zippable } from 'fflate';

/** Weights hardly shrink; texts do. */
const STORED = /\.(safetensors|onnx)$/;

/**
 * A policy folder as one ZIP archive with everything in a folder of its own, as Transformers loads it once unpacked.
 * @param folder name of that folder
 */
export function zipFolder(folder: string, files: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const entries: Zippable = {};
  for (const [path, bytes] of files) entries[`${folder}/${path}`] = [bytes, { level: STORED.test(path) ? 0 : 6 }];
  return zipSync(entries);
}
