import { readdirSync, readFileSync } from 'node:fs';
import { render } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import { defineSections, section, sectionName, sections } from '../lib/sections';
import SectionLink from '../parts/SectionLink.svelte';
import { CELLS } from '.';

const NOTEBOOK = new URL('../', import.meta.url);
const sources = readdirSync(NOTEBOOK, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(svelte|ts)$/.test(path) && !path.endsWith('.test.ts'))
  .map((path) => ({ path, text: readFileSync(new URL(path, NOTEBOOK), 'utf8') }));

describe('the list of cells', () => {
  it('numbers them in its order', () => {
    expect(sections().map(({ id, number }) => [id, number])).toEqual(CELLS.map(({ id }, i) => [id, i + 1]));
    expect(section('policy')).toMatchObject({ number: CELLS.findIndex(({ id }) => id === 'policy') + 1, short: 'Policy and device' });
  });

  it('has each id and each component once', () => {
    expect(new Set(CELLS.map(({ id }) => id)).size).toBe(CELLS.length);
    expect(new Set(CELLS.map(({ component }) => component)).size).toBe(CELLS.length);
    const [first] = CELLS;
    expect(() => defineSections([first, first])).toThrow('Two cells have the id "gap".');
  });

  it('gives a cell its own id: the one that the component begins with', () => {
    const begun = sources.flatMap(({ path, text }) => [...text.matchAll(/<Cell id="([a-z]+)"/g)].map(([, id]) => ({ path, id })));
    expect(begun.map(({ id }) => id).sort()).toEqual(CELLS.map(({ id }) => id).sort());
    const list = sources.find(({ path }) => path === 'cells/index.ts')!.text;
    for (const { path, id } of begun) {
      const component = /(\w+)\.svelte$/.exec(path)![1]!;
      expect(list).toMatch(new RegExp(`id: '${id}'.*component: ${component} `));
    }
  });
});

describe('references from prose', () => {
  it('take their number from the list', () => {
    const i = CELLS.findIndex(({ id }) => id === 'weights');
    expect(sectionName('weights')).toBe(`section ${i + 1}`);
    expect(render(SectionLink, { props: { id: 'weights' } }).body).toContain(`<a href="#weights">section ${i + 1}</a>`);
  });

  it('name a cell that exists', () => {
    const named = sources.flatMap(({ text }) =>
      [...text.matchAll(/<SectionLink id="([^"]+)"|\bsectionName\('([^']+)'\)/g)].map((match) => match[1] ?? match[2]),
    );
    expect(named.length).toBeGreaterThan(2);
    for (const id of named) expect(CELLS.map((cell) => cell.id as string)).toContain(id);
  });

  it('are never a number written by hand', () => {
    const byHand = sources.flatMap(({ path, text }) =>
      (text.match(/\b(sections?|cells?) \d+/gi) ?? []).map((words) => `${path}: ${words}`),
    );
    // The example in a comment of the component that writes them.
    expect(byHand.filter((one) => !/^(parts\/SectionLink\.svelte|lib\/sections\.ts): /.test(one))).toEqual([]);
  });
});
