import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { gap, temporaryFolder, writePolicy } from './testing/harness';

let dir: string;
let policy: string;
beforeAll(() => {
  dir = temporaryFolder();
  policy = writePolicy(join(dir, 'policy'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

it('gap export writes a folder that loads, with half weights and the ONNX model on request', async () => {
  const out = join(dir, 'out');
  const { code, json } = await gap('export', '--policy', policy, '--out', out, '--dtype', 'f16', '--onnx');
  expect(code).toBe(0);
  const sizes = new Map((json as { file: string; bytes: number }[]).map(({ file, bytes }) => [file, bytes]));
  expect([...sizes.keys()]).toContain(join('onnx', 'model.onnx'));
  expect(sizes.get('model.safetensors')).toBeLessThan(0.6 * readFileSync(join(policy, 'model.safetensors')).length);
  expect(JSON.parse(readFileSync(join(out, 'config.json'), 'utf8'))).toMatchObject({ torch_dtype: 'float16' });
  const again = await gap('export', '--policy', out, '--out', join(dir, 'again'));
  expect(again.code).toBe(0);
  expect(again.stdout).not.toContain('onnx');
});

it('gap export refuses to write over the policy, and other types', async () => {
  expect(await gap('export', '--policy', policy, '--out', `${policy}/.`)).toMatchObject({ code: 2, stdout: '' });
  expect((await gap('export', '--policy', policy, '--out', join(dir, 'x'), '--dtype', 'int8')).stderr).toMatch(
    /Allowed choices are f16, f32/,
  );
});
