/** Every importer reads what the exporters wrote: rewritten data sets in each format, tables with any text in them. */
import { describe, expect, it } from 'vitest';
import { DATASET_COLUMNS, datasetRecord } from '../../method/export/dataset';
import { createRandom } from '../../policy/random';
import { importProblems } from './import';
import { bytesSource } from './source';
import { bytes } from './testing/read';
import { TABLE_FORMATS, writeTable } from './write';

const random = createRandom(1, 'formats/round-trip');
const PARTS = ['a', '"', ',', '\n', '\r\n', '\t', ';', '\\frac{1}{2}', 'é', '𝛼', 'שלום', '<b>', '$x$', ' '];
/** Trimmed, since an import trims, and begun by a letter, so that no two are equal. */
const text = (i: number) => `${i}q ${Array.from({ length: random.int(8) }, () => random.pick(PARTS)).join('')}.`;

const records = Array.from({ length: 200 }, (_, i) =>
  datasetRecord(
    {
      ...{ problemId: `p/${i}`, question: text(i), gold: `${i}`, family: 'f', stage: 'self', kept: 0, correctCount: 1, sampledCount: 2 },
      ...{
        completion: text(i),
        logProbs: Float32Array.of(-0.5),
        behaviorLogProbs: Float32Array.of(-0.5),
        expert: { text: text(i), logProbs: null },
      },
    } as unknown as Parameters<typeof datasetRecord>[0],
    [{ role: 'user', content: `Solve: ${i}` }],
    { source: 'sampled here', task: 't', policy: 'p', seed: 2 ** 32 - 1, k: 2, temperature: 1, topP: 1, app: 'test' },
  ),
);

describe('a rewritten data set', () => {
  it.each(TABLE_FORMATS)('comes back from %s with its problems, golds and both texts', async (format) => {
    const written = await writeTable(format, records as never, DATASET_COLUMNS);
    const source = bytesSource(`mix.${format}`, typeof written === 'string' ? bytes(written) : new Uint8Array(written));
    const { rows, report } = await importProblems(source);
    expect(report.shape.id).toBe('own');
    expect(report.counts.unreadable).toBe(0);
    expect(rows).toEqual(records.map(({ id, problem, gold, expert, family }) => ({ id, question: problem, gold, expert, family })));
    // The text that was trained on, by another mapping.
    const mapping = { expert: { column: 'messages', as: 'assistant' } } as const;
    const trained = await importProblems(source, { mapping });
    expect(trained.rows.map(({ expert }) => expert)).toEqual(records.map(({ messages }) => messages[1]!.content));
  });
});
