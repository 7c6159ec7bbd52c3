import { readdir, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../errors';
import { log, printJson } from '../output';
import { loadPolicy, savePolicy } from '../policy';

export interface ExportCommandOptions {
  policy: string;
  out: string;
  dtype: 'f16' | 'f32';
  onnx?: boolean;
}

export async function exportPolicy(options: ExportCommandOptions): Promise<void> {
  const same = async (path: string) => realpath(path).catch(() => path);
  if ((await same(options.out)) === (await same(options.policy)))
    throw new InputError('--out is the policy itself; choose another folder.');
  const policy = await loadPolicy(options.policy, 1);
  await savePolicy(policy, options.out, { dtype: options.dtype === 'f16' ? 'F16' : 'F32', onnx: options.onnx ?? false });
  await policy.dispose();
  for (const file of (await readdir(options.out, { recursive: true })).sort()) {
    const found = await stat(join(options.out, file));
    if (found.isFile()) await printJson({ file, bytes: found.size });
  }
  log(`${options.out} written`);
}
