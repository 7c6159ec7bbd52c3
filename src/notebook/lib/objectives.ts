/** The training objectives as the page shows them: from their registry, with the code of each as it stands in its file. */
import { OBJECTIVES, type ObjectiveDefinition, type ParamDefinition } from '../../method/objectives';

const FOLDER = '../../method/objectives/';
const FILES = import.meta.glob<string>(
  ['../../method/objectives/*.ts', '!../../method/objectives/{index,types}.ts', '!../../method/objectives/*.test.ts'],
  { query: '?raw', import: 'default', eager: true },
);

export interface ShownObjective {
  definition: ObjectiveDefinition;
  code: string;
}

export const SHOWN_OBJECTIVES: readonly ShownObjective[] = Object.values(OBJECTIVES).map((definition) => ({
  definition,
  code: objectiveCode(FILES[`${FOLDER}${definition.id}.ts`] ?? ''),
}));

/** An objective's file without its imports, its comment and the texts that the page shows already. */
export function objectiveCode(file: string): string {
  return file
    .replace(/^import .*;\n/gm, '')
    .replace(/\/\*\*[\s\S]*?\*\/\n/g, '')
    .replace(/^ {2}(name|formula|description|reference):\s[^\n]*(\n {4}[^\n]*)*\n/gm, '')
    .trim();
}

/** What is wrong with a value as typed, or null. */
export function paramProblem({ min, max }: ParamDefinition, value: number): string | null {
  if (!Number.isFinite(value)) return `Enter a number from ${min} to ${max}.`;
  return value >= min && value <= max ? null : `Must be from ${min} to ${max}.`;
}
