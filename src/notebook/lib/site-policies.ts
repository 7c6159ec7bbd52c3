/** The policies of this site: which one a task wants, and what is said of one that is not there. */
import type { RunSummary } from '../../protocol/messages';
import { gapOf } from '../../tasks/tinymath/gap';
import { POLICIES } from '../../tasks/tinymath/policies';
import type { Advice } from '../state/environment';
import { EXAMPLES } from './examples';
import { BUNDLED_POLICY, RETIRED_POLICY } from './policy-folder';

/** The policy for a task: the example's own; one of the world's for the world; else the present one. */
export function policyFor(task: string, present: string): string {
  const example = EXAMPLES.find((one) => task.startsWith(`${one.id}.`));
  if (example) return example.policy;
  return gapOf(task) && !POLICIES.some(({ name }) => name === present) ? BUNDLED_POLICY : present;
}

/** Whether the site has no folder at this address; a folder in which one file is missing is there and broken. */
export async function isAbsent(policyUrl: string): Promise<boolean> {
  const gone = async (file: string) => (await fetch(new URL(file, policyUrl), { method: 'HEAD' }).catch(() => null))?.status === 404;
  return (await Promise.all(['config.json', 'tokenizer.json', 'model.safetensors'].map(gone))).every(Boolean);
}

/** Runs that were made with the bundled policy of earlier versions, the last one worked on first. */
export const earlierRuns = (runs: readonly RunSummary[]): RunSummary[] =>
  runs.filter(({ config, policyId }) => policyId !== null && config.policyUrl.includes(`static-models/${RETIRED_POLICY}`));

/** What is said where the address names a policy that is not here. */
export function absentNote(name: string): Advice {
  const message =
    name === RETIRED_POLICY
      ? `The policy “${name}” came with earlier versions of this page and is not shipped any more.`
      : `There is no policy “${name}” on this site.`;
  return { id: 'policy', message, hint: `“${BUNDLED_POLICY}” is loaded instead. There are ${POLICIES.map((one) => one.name).join(', ')}.` };
}

/** What is said over a run of an earlier version that is shown. */
export const earlierNote = (run: RunSummary): Advice => ({
  id: 'policy',
  message: `This run of ${run.updatedAt.slice(0, 10)} was made with the policy “${RETIRED_POLICY}” of an earlier version of this page, which is not shipped any more. Its figures are kept.`,
  hint: 'Nothing can be computed with it. Choose another policy to go on.',
});

/** What is said on the present page while such runs are stored. */
export const storedNote = (runs: readonly RunSummary[]): Advice => ({
  id: 'earlier',
  message: `${runs.length === 1 ? 'A run' : `${runs.length} runs`} made with the policy “${RETIRED_POLICY}” of an earlier version of this page ${runs.length === 1 ? 'is' : 'are'} stored here; that policy is not shipped any more.`,
  hint: `The figures are kept: the address with #policy=${RETIRED_POLICY} shows the last one.`,
});
