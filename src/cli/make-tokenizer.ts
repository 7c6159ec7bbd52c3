/** Trains a world's tokenizer: `npx tsx src/cli/make-tokenizer.ts --out static-models/tinymath [--world tinymath]`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tokenizerFiles } from '../tasks/world';
import { world } from '../tasks/worlds';

const option = (name: string) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : undefined);
const out = option('--out');
if (!out) {
  console.error('usage: make-tokenizer --out DIR [--world ID]');
  process.exit(2);
}
mkdirSync(out, { recursive: true });
for (const [name, content] of Object.entries(tokenizerFiles(world(option('--world') ?? 'tinymath')))) {
  writeFileSync(join(out, name), content);
  console.error(`wrote ${join(out, name)}`);
}
