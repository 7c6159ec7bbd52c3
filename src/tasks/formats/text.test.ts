import { describe, expect, it } from 'vitest';
import { detectFormat } from './detect';
import { decodeText } from './text';
import { bytes, pieces } from './testing/read';

async function decode(content: Uint8Array<ArrayBuffer>, size = 1 << 20): Promise<string> {
  let text = '';
  for await (const piece of decodeText(pieces('a.csv', content, size).stream(), 'a.csv')) text += piece;
  return text;
}
function utf16(text: string, little: boolean, mark = true): Uint8Array<ArrayBuffer> {
  const units = [...(mark ? ['\ufeff'] : []), ...text].join('');
  const out = new Uint8Array(units.length * 2);
  for (let i = 0; i < units.length; i++) new DataView(out.buffer).setUint16(2 * i, units.charCodeAt(i), little);
  return out;
}
const TEXT = 'question,answer\n"Größe 𝛼 שלום",3\n'.repeat(3);

describe('encodings', () => {
  it('reads UTF-8 and UTF-16 with and without a byte-order mark, cut anywhere', async () => {
    for (const size of [1, 2, 3, 7, 1000]) {
      expect(await decode(bytes(TEXT), size)).toBe(TEXT);
      expect(await decode(bytes(`\ufeff${TEXT}`), size)).toBe(TEXT);
      for (const little of [true, false]) {
        expect(await decode(utf16(TEXT, little), size)).toBe(TEXT);
        expect(await decode(utf16(`plain ${'letters '.repeat(20)}`, little, false), size)).toBe(`plain ${'letters '.repeat(20)}`);
      }
    }
  });

  it.each([1, 5, 1000])('names the line of bytes that are not UTF-8 (pieces of %i)', async (size) => {
    const latin = Uint8Array.from('fine\nalso ü fine\nnicht gr\u00fcn\n', (c) => c.charCodeAt(0));
    latin.set(bytes('x'), 10);
    await expect(decode(latin, size)).rejects.toThrow(/a\.csv, line 3: not UTF-8 text \(byte 0xFC\)/);
  });

  it('refuses what is cut in a character, UTF-32 and binary data', async () => {
    await expect(decode(bytes('a\né').slice(0, -1))).rejects.toThrow(/ends in the middle of a character \(line 2\)/);
    await expect(decode(Uint8Array.of(0xff, 0xfe, 0, 0, 65, 0, 0, 0))).rejects.toThrow(/UTF-32/);
    await expect(decode(Uint8Array.of(1, 0, 0, 7, 9, 0, 0, 0))).rejects.toThrow(/not text/);
  });
});

describe('formats', () => {
  it.each([
    ['a.jsonl', '{"a":1}\n{"a":2}\n', 'jsonl'],
    ['pasted', '{"a":1}\n{"a":2}\n', 'jsonl'],
    ['a.json', '{"a":1}\n{"a":2}\n', 'jsonl'],
    ['pasted', '{broken\n{"a":2}\n', 'jsonl'],
    ['a.jsonl', 'broken\n{"a":2}\n', 'jsonl'],
    ['pasted', '{"a":1}', 'jsonl'],
    ['pasted', '\ufeff [{"a":1}]', 'json'],
    ['a.json', '{"data":[{"a":1}]}', 'json'],
    ['pasted', '{"data":[{"a":1}]}\n', 'json'],
    ['pasted', '{\n "rows": [{"a":1}]\n}', 'json'],
    ['a.txt', 'question\tanswer\n1\t2\n', 'csv'],
    ['a.csv', 'question\n1\n', 'csv'],
  ])('%s beginning %j is %s', (name, text, format) => expect(detectFormat(name, bytes(text))).toBe(format));

  it.each([
    ['a.jsonl', '', /a\.jsonl is empty/],
    ['a.jsonl', ' \n ', /nothing but blanks/],
    ['a.parquet', 'PAR2', /not a Parquet file/],
    ['a.xlsx', 'PK\u0003\u0004', /ZIP archive or a spreadsheet/],
    ['a.json', '<!DOCTYPE html>', /web page/],
    ['a.jsonl', 'version https://git-lfs.github.com/spec/v1\n', /Git LFS pointer/],
    ['a.json', 'hello', /not JSON/],
    ['a.txt', 'hello there', /no format that is known/],
  ])('%s beginning %j is refused', (name, text, message) => expect(() => detectFormat(name, bytes(text))).toThrow(message));
});
