/** Trains the world's tokenizer: `npx tsx src/cli/make-tokenizer.ts --out static-models/tinymath`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokenizerFiles } from '../tasks/tinymath/tokenizer-files';

const at = process.argv.indexOf('--out');
const out = at >= 0 ? process.argv[at + 1] : undefined;
if (!out) {
  console.error('usage: make-tokenizer --out DIR');
  process.exit(2);
}
mkdirSync(out, { recursive: true });
for (const [name, content] of Object.entries(tokenizerFiles())) {
  writeFileSync(join(out, name), content);
  console.error(`wrote ${join(out, name)}`);
}
