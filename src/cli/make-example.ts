/** Writes the example task that ships with the page: `npx tsx src/cli/make-example.ts --out public/tasks/letters.json`. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { taskJson } from '../tasks/dataset';
import { lettersTask } from '../tasks/letters';

const at = process.argv.indexOf('--out');
const out = at >= 0 ? process.argv[at + 1] : undefined;
if (!out) {
  console.error('usage: make-example --out FILE');
  process.exit(2);
}
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, taskJson(lettersTask()));
console.error(`wrote ${out}`);
