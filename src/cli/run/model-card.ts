/** The measured part of the bundled policy's model card. */
import type { Inspection } from './inspect';

/** What `gap inspect --card` writes stands between these. */
export const MEASURED = { start: '<!-- measured: written by `npm run -s gap -- inspect --card` -->', end: '<!-- /measured -->' };
const { start: START, end: END } = MEASURED;

const percent = (x: number): string => `${(100 * x).toFixed(1)} %`;
const table = (head: string[], rows: (string | number)[][]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

/** The card of the policy in `folder` with its measured section replaced. @throws Error where the card has no such section. */
export function withMeasurements(card: string, r: Inspection, folder: string): string {
  const [from, to] = [card.indexOf(START), card.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`The model card has no section between ${START} and ${END}.`);
  return `${card.slice(0, from + START.length)}\n\n${measurements(r, folder)}\n\n${card.slice(to)}`;
}

function measurements({ policy, task, config, stages, families, guided, corruption, gaps, test }: Inspection, folder: string): string {
  const form = guided.inExpertForm === null ? '' : `${percent(guided.inExpertForm)} are in the expert's form; `;
  const corrupted =
    corruption &&
    `**Corrupted reference:** with the final answer of the expert's text changed, ${percent(corruption.followed)} of ${corruption.samples} retellings of ` +
      `${corruption.problems} problems end in the wrong answer given (95 %: ${percent(corruption.followed95[0])} to ${percent(corruption.followed95[1])}); ` +
      `${percent(corruption.correctAnyway)} end in the right one.`;
  return [
    `Policy ${policy.id}, ${policy.parameters.toLocaleString('en')} parameters. Measured by ` +
      `\`npm run -s gap -- inspect --policy ${folder}${task === null ? '' : ` --task ${task}`} --problems ${config.problems} --k ${config.k} --seed ${config.seed} --card\` at temperature 1.`,
    `**Rewriting ${config.problems} training problems, K = ${config.k}:** self ${stages.self}, guided ${stages.guided}, fallback ${stages.fallback}.`,
    table(
      ['family', 'problems', 'accuracy of one sample', 'self', 'guided', 'fallback'],
      Object.entries(families).map(([id, f]) => [id, f.problems, percent(f.accuracy), f.self, f.guided, f.fallback]),
    ),
    `**Retellings:** the guided stage accepts ${percent(guided.acceptance)} of the problems that reach it (${percent(guided.candidateAccuracy)} of its samples are ` +
      `right). Kept ones share ${percent(guided.ngramShare)} of their word 4-grams with the expert's text; ${form}` +
      `${percent(guided.leaks)} mention the reference.`,
    ...(corrupted ? [corrupted] : []),
    ...(gaps
      ? [
          '**Policy gap:** log μ − log π₀ of 1,000 expert texts, nats, ± one standard error, clustered by problem.',
          table(
            ['expert', 'per response', 'per token'],
            Object.entries(gaps).map(([id, { perResponse: r, perToken: t }]) => [
              id,
              `${r.mean.toFixed(2)} ± ${r.error.toFixed(2)}`,
              `${t.mean.toFixed(4)} ± ${t.error.toFixed(4)}`,
            ]),
          ),
        ]
      : []),
    `**Test sets**, avg@4 on 64 problems each, average ${percent(test.average)}:`,
    table(
      ['set', 'accuracy', '95 % interval'],
      Object.entries(test.sets).map(([id, s]) => [id, percent(s.accuracy), `${percent(s.ci95[0])} to ${percent(s.ci95[1])}`]),
    ),
  ].join('\n\n');
}
