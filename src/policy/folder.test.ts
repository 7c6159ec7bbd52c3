import { describe, expect, it } from 'vitest';
import { trainBpe } from './tokenizer-bpe';
import { PolicyFormatError } from './config';
import { folderOf, loadPolicyFolder, policyId } from './folder';
import { initialParameters } from './parameters';
import { createNodeRuntime } from './runtime/node';
import { fromFloat32, halfToFloat, floatToHalf, readSafetensors, writeSafetensors } from './safetensors';
import { MICRO } from './testing/micro';

const runtime = createNodeRuntime(1, { spinning: false });
const config = { ...MICRO, vocabSize: 260 };
const parameters = initialParameters(config, 5);
const json = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const tokenizer = new Map([
  ['tokenizer.json', json(trainBpe(['ab ab cd'], { vocabSize: 260, specialTokens: ['<p>', '<e>'] }))],
  ['tokenizer_config.json', json({ eos_token: '<e>', pad_token: '<p>' })],
]);
const folder = folderOf(config, parameters, { eosId: 1, padId: 0 }, tokenizer);
const load = (files: ReadonlyMap<string, Uint8Array>) => loadPolicyFolder(files, runtime, 'test');
const changed = (name: string, bytes: Uint8Array | null): Map<string, Uint8Array> => {
  const files = new Map(folder);
  if (bytes) files.set(name, bytes);
  else files.delete(name);
  return files;
};

describe('policy folders', () => {
  it('come back bit for bit in F32, rounded in F16, with an id of their content', async () => {
    const same = await load(folder);
    expect((await same.checkpoint()).parameters).toEqual(parameters);
    expect(same.id).toBe(await policyId(config, parameters));
    const half = await load(folderOf(config, parameters, { eosId: 1, padId: 0 }, tokenizer, { dtype: 'F16' }));
    expect((await half.checkpoint()).parameters).toEqual(parameters.map((x) => halfToFloat(floatToHalf(x))));
    expect(half.id).not.toBe(same.id);
    await same.dispose();
    await half.dispose();
  });

  const tensors = readSafetensors(folder.get('model.safetensors')!);
  const norm = 'model.norm.weight';
  const weights = folder.get('model.safetensors')!;
  it.each([
    ['a missing file', changed('model.safetensors', null), /has no model\.safetensors/],
    ['JSON cut short', changed('config.json', folder.get('config.json')!.subarray(0, 40)), /config\.json is not valid JSON/],
    ['another architecture', changed('config.json', json({ model_type: 'gpt2' })), /gpt2.*not supported/],
    ['weights cut short', changed('model.safetensors', weights.subarray(0, weights.length - 4)), /truncated/],
    [
      'a missing tensor',
      changed('model.safetensors', writeSafetensors(new Map([...tensors].filter(([name]) => name !== norm)))),
      /no tensor model\.norm\.weight/,
    ],
    [
      'a wrong shape',
      changed('model.safetensors', writeSafetensors(new Map([...tensors, [norm, fromFloat32(new Float32Array(3), [3], 'F32')]]))),
      /model\.norm\.weight has shape \[3\]; config\.json asks for \[16\]/,
    ],
  ])('are refused with %s, with what to do', async (_, files, message) => {
    const error = await load(files).then(
      () => null,
      (e: unknown) => e,
    );
    expect(error).toBeInstanceOf(PolicyFormatError);
    expect((error as PolicyFormatError).message).toMatch(message);
    expect((error as PolicyFormatError).hint).not.toBe('');
  });
});
