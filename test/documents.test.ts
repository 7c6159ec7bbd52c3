/** What the documents name must be there. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';

const project = resolve(import.meta.dirname, '..');
const DOCUMENTS = [
  'README.md',
  'ARCHITECTURE.md',
  ...['policy', 'math', 'tasks', 'storage', 'notebook'].map((folder) => `src/${folder}/README.md`),
];

/** Paths of a document: what stands in code marks or links and looks like a file or folder of the project. */
function pathsIn(text: string): string[] {
  const code = [...text.matchAll(/`([^`\s]+)`/g)].map(([, one]) => one!);
  const links = [...text.matchAll(/\]\(([^)#]+)\)/g)].map(([, one]) => one!).filter((one) => !one.includes(':'));
  const looksLike = (one: string) =>
    /^[\w.@-]+(\/[\w.@-]+)*\/?$/.test(one) &&
    (/\.(ts|mjs|svelte|md|json|css)$/.test(one) || /^[\w-]+(\/[\w-]+)*\/$|^(src|test|workers|scripts)\//.test(one));
  return [...code.filter(looksLike), ...links];
}

describe.each(DOCUMENTS)('%s', (document) => {
  const text = readFileSync(join(project, document), 'utf8');
  const paths = pathsIn(text);

  it('names only files and folders that exist', () => {
    const absent = paths.filter((path) => !existsSync(join(project, path)) && !existsSync(join(project, dirname(document), path)));
    // Made by the build or by a run, or written by the reader.
    expect(
      absent.filter(
        (path) => !/^(dist|runs|static-models\/NAME|problems\.jsonl|task\.json|config\.json|FILE\..*|tokenizer.*|results\.json)/.test(path),
      ),
    ).toEqual([]);
  });

  it('names some', () => expect(paths.length).toBeGreaterThan(0));
});

it('ARCHITECTURE.md is at most 900 words', () => {
  const words = readFileSync(join(project, 'ARCHITECTURE.md'), 'utf8').split(/\s+/).filter(Boolean);
  expect(words.length).toBeLessThanOrEqual(900);
});
