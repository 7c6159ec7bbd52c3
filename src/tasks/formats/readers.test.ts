import Papa from 'papaparse';
import { parquetWriteBuffer } from 'hyparquet-writer';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../policy/random';
import { MAX_COLUMNS, MAX_ROW } from './readers/types';
import { bytesSource } from './source';
import { pieces, read, readText } from './testing/read';

const SIZES = [1, 3, 17, 1 << 20];

describe('JSON Lines', () => {
  it.each(SIZES)('reads rows with their lines and goes on after a broken one (pieces of %i)', async (size) => {
    const text = '\ufeff{"a":"é\\n"}\r\n\n{"a":\n[1]\n{"a":12345678901234567890,"b":0.1}\n{"a":3}';
    expect(await readText('jsonl', text, size)).toEqual([
      [1, { a: 'é\n' }],
      [3, expect.stringMatching(/^not valid JSON \(/)],
      [4, expect.stringMatching(/must be a JSON object/)],
      [5, { a: '12345678901234567890', b: 0.1 }],
      [6, { a: 3 }],
    ]);
  });

  it('lists a line that is too long or has too many columns, and goes on', async () => {
    const wide = JSON.stringify(Object.fromEntries(Array.from({ length: MAX_COLUMNS + 1 }, (_, i) => [`c${i}`, i])));
    const text = `{"a":"${'x'.repeat(MAX_ROW)}"}\n${wide}\n{"a":1}\n`;
    expect(await readText('jsonl', text, 1 << 16)).toEqual([
      [1, 'a line longer than 4 million characters'],
      [2, `${MAX_COLUMNS + 1} columns; a row may have ${MAX_COLUMNS}`],
      [3, { a: 1 }],
    ]);
  });

  it('takes names such as __proto__ as names', async () => {
    const [[, row]] = (await readText('jsonl', '{"__proto__":{"x":1},"constructor":"y"}')) as [[number, object]];
    expect(Object.getPrototypeOf(row)).toBe(Object.prototype);
    expect(Object.keys(row)).toEqual(['__proto__', 'constructor']);
  });
});

describe('JSON', () => {
  const ROWS = '[\n {"q": "a]}\\"{", "n": [1, {"x": 2}]},\n {"q": "b"}, {"q": 3.5}\n]';
  it.each(SIZES)('reads arrays, rows under a name, columns and single objects (pieces of %i)', async (size) => {
    const rows = [
      [2, { q: 'a]}"{', n: [1, { x: 2 }] }],
      [3, { q: 'b' }],
      [3, { q: 3.5 }],
    ];
    expect(await readText('json', ROWS, size)).toEqual(rows);
    expect(await readText('json', `{"version": 1, "meta": {"a": [1]}, "data": ${ROWS}, "end": true}`, size)).toEqual(
      rows.map(([line, row]) => [line, row]),
    );
    expect(await readText('json', '{"rows": [{"row_idx": 0, "row": {"q": 1}, "truncated_cells": []}]}', size)).toEqual([[1, { q: 1 }]]);
    expect(await readText('json', '{"q": ["a", "b"], "n": [1, null], "m": [[1], {"x": 1}]}', size)).toEqual([
      [1, { q: 'a', n: 1, m: [1] }],
      [2, { q: 'b', n: null, m: { x: 1 } }],
    ]);
    expect(await readText('json', '{"q": "a",\n "n": 12345678901234567890}', size)).toEqual([[1, { q: 'a', n: '12345678901234567890' }]]);
  });

  it.each(SIZES)('lists a broken row with its line and goes on at the next one (pieces of %i)', async (size) => {
    expect(await readText('json', '[\n{"q": 1},\n{"q": },\n{"q": "open},\n{"q": [2},\n{"q": 4}\n]', size)).toEqual([
      [2, { q: 1 }],
      [3, expect.stringMatching(/not valid JSON/)],
      [4, 'not valid JSON (a text that is not closed on its line)'],
      [5, 'not valid JSON (brackets that do not match)'],
      [6, { q: 4 }],
    ]);
  });

  it('keeps what was read before the file broke off', async () => {
    expect(await readText('json', '[{"q": 1},\n{"q": 2')).toEqual([
      [1, { q: 1 }],
      [2, 'not valid JSON (a bracket that is not closed)'],
      [2, 'the file ends before its JSON does; it may be cut short'],
    ]);
    expect(await readText('json', '[{"q": 1}] trailing')).toEqual([
      [1, { q: 1 }],
      [1, 'text after the end of the JSON on line 1; nothing after it can be read'],
    ]);
  });

  it('refuses columns of different lengths', async () => {
    await expect(readText('json', '{"q": [1, 2], "a": [1]}')).rejects.toThrow(/different lengths \(q: 2, a: 1\)/);
  });

  it('is not troubled by depth', async () => {
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const [[, row], [, after]] = (await readText('json', `[{"q": ${deep}}, {"q": 1}]`)) as [[number, unknown], [number, unknown]];
    expect(typeof row).toMatch(/object|string/);
    expect(after).toEqual({ q: 1 });
  });
});

describe('CSV', () => {
  it.each(SIZES)('reads quotes, line breaks inside them and blank lines, with lines (pieces of %i)', async (size) => {
    const text = '\ufeffq,a\r\n"one, ""two""\nthree",1\r\n\r\nplain ,\n"", x"y\n';
    expect(await readText('csv', text, size)).toEqual([
      [2, { q: 'one, "two"\nthree', a: '1' }],
      [5, { q: 'plain ', a: '' }],
      [6, { q: '', a: ' x"y' }],
    ]);
  });

  it.each(SIZES)('lists rows with other numbers of fields, stray and unclosed quotes, and goes on (pieces of %i)', async (size) => {
    const text = 'q;a\n1;2\n3\n"x" y;4\n5;6\n"open;7\n8;9\n';
    expect(await readText('csv', text, size)).toEqual([
      [2, { q: '1', a: '2' }],
      [3, '1 field, but the first line names 2'],
      [4, expect.stringMatching(/^text after a closing quote on line 4/)],
      [5, { q: '5', a: '6' }],
      [6, 'a quote that is opened on line 6 and never closed'],
      [7, { q: '8', a: '9' }],
    ]);
  });

  it('refuses a million columns and a file of nothing but unclosed quotes', async () => {
    const wide = (name: string) => `${Array.from({ length: 1_000_000 }, () => name).join(',')}\n1,2\n`;
    await expect(readText('csv', wide('a'))).rejects.toThrow(/has 1000000 columns in its first line/);
    await expect(readText('csv', wide('a long name'), 1 << 20)).rejects.toThrow(/line 1: a row longer than 4 million characters/);
    const open = `q,a\n${'x","\n'.repeat(10)}${Array.from({ length: 30 }, (_, i) => `"${i}""`).join('\n')}`;
    await expect(readText('csv', open).then((rows) => rows.length)).resolves.toBeGreaterThan(0);
  });

  it('agrees with Papa Parse on random tables', async () => {
    const random = createRandom(1, 'csv');
    const parts = ['a', '"', ',', '\n', '\r\n', ' ', '\t', ';', 'é', '𝛼', '', '\\', 'שלום', '<script>'];
    for (let trial = 0; trial < 60; trial++) {
      const table = Array.from({ length: 1 + random.int(5) }, () =>
        Object.fromEntries(
          ['q', 'a', 'b'].map((name) => [name, Array.from({ length: random.int(5) }, () => random.pick(parts)).join('') + 'z']),
        ),
      );
      const text = Papa.unparse(table, { delimiter: random.pick([',', '\t', ';']), newline: random.pick(['\n', '\r\n']) });
      const rows = await readText('csv', text, 1 + random.int(9));
      expect(rows.map(([, values]) => values)).toEqual(table);
    }
  });

  it('takes linear time on one long field and on many lines', async () => {
    const time = async (n: number) => {
      const text = `q,a\n"${'x""\n'.repeat(n)}",1\n`;
      const start = performance.now();
      expect(await readText('csv', text, 1 << 14)).toHaveLength(1);
      return performance.now() - start;
    };
    await time(20_000);
    const [small, large] = [await time(50_000), await time(400_000)];
    expect(large).toBeLessThan(8 * small * 4 + 200);
  });
});

describe('Parquet', () => {
  const rows = 5000;
  const file = (codec: 'SNAPPY' | 'UNCOMPRESSED'): Uint8Array<ArrayBuffer> =>
    new Uint8Array(
      parquetWriteBuffer({
        columnData: [
          { name: 'question', data: Array.from({ length: rows }, (_, i) => `What is ${i} + 1?`), type: 'STRING' },
          { name: 'answer', data: Array.from({ length: rows }, (_, i) => BigInt(i + 1)), type: 'INT64' },
          { name: 'score', data: Array.from({ length: rows }, (_, i) => i / 2), type: 'DOUBLE' },
          { name: 'messages', data: Array.from({ length: rows }, (_, i) => [{ role: 'user', content: `${i}` }]), type: 'JSON' },
        ],
        codec,
        rowGroupSize: 1500,
      }),
    );

  it.each(['SNAPPY', 'UNCOMPRESSED'] as const)('reads every row group, %s', async (codec) => {
    const items = await read('parquet', bytesSource('a.parquet', file(codec)));
    expect(items).toHaveLength(rows);
    expect(items[4321]).toEqual({
      kind: 'row',
      at: 4322,
      values: { question: 'What is 4321 + 1?', answer: 4322, score: 2160.5, messages: [{ role: 'user', content: '4321' }] },
    });
  });

  it('says what is wrong with a damaged file', async () => {
    const good = file('SNAPPY');
    await expect(read('parquet', bytesSource('cut.parquet', good.slice(0, -10)))).rejects.toThrow(
      /cut\.parquet has no readable table of contents/,
    );
    const bad = good.slice();
    bad.fill(0xff, 8, 400);
    await expect(read('parquet', bytesSource('bad.parquet', bad))).rejects.toThrow(/bad\.parquet cannot be read from row 1 on/);
  });

  it('can be cut into pieces as no text can', async () => {
    await expect(read('parquet', { ...pieces('a.parquet', 'PAR1', 1), size: null })).rejects.toThrow(/size of a\.parquet is not known/);
  });
});
