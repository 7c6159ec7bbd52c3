/** What `gap claims` writes: claims.json, the same as Markdown and as a drawing, and what the page shows as its recorded run. */
import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { accuracyTable, judge } from '../../method/claims/claims';
import type { Experiment, SeedRun } from '../../method/claims/experiment';
import { explanation } from '../../method/claims/explanation';
import { SETTINGS, settingId, SIZES, type GapName, type PolicyName, type Rates } from '../../method/claims/settings';
import { armsOf } from '../../method/arms';
import { evaluatedOf } from '../../method/plan';
import { cpus } from 'node:os';
import { writeWhole } from '../output';
import type { ClaimsFile, PolicyFacts } from '../../method/claims/file';
import { claimsDrawing } from './claims-svg';

/** Of every bootstrap. */
const SEED = 1;

export async function writeClaims(out: string, policies: Record<string, PolicyFacts>, seeds: number, folder: string): Promise<void> {
  const runs = new Map<string, SeedRun[]>();
  for (const setting of SETTINGS) {
    const own: SeedRun[] = [];
    for (let seed = 1; seed <= seeds; seed++) {
      const text = await readFile(join(out, settingId(setting), `seed-${seed}`, 'run.json'), 'utf8').catch(() => null);
      if (text !== null) own.push(JSON.parse(text) as SeedRun);
    }
    if (own.length > 0) runs.set(settingId(setting), own);
  }
  const experiment: Experiment = (policy: PolicyName, gap: GapName, rates: Rates) =>
    runs.get(settingId({ policy, gap, rates, arms: [] })) ?? [];
  const each = <T>(of: (own: readonly SeedRun[]) => T) => Object.fromEntries([...runs].map(([id, own]) => [id, of(own)]));
  const file: ClaimsFile = {
    claims: judge(experiment, SEED),
    tables: each((own) => accuracyTable(own, evaluatedOf(armsOf(own[0]!.learningRates)), SEED)),
    stages: each((own) => own.map(({ stages }) => stages)),
    learningRates: each((own) => own[0]!.learningRates),
    explanations: Object.fromEntries(
      [...runs].flatMap(([id, own]) => {
        const one = explanation(own);
        return one ? [[id, one]] : [];
      }),
    ),
    policies,
    sizes: SIZES,
    seeds,
    date: new Date().toISOString().slice(0, 10),
    commit: commit(),
    machine: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, node ${process.version}`,
    command: `npm run -s gap -- claims --seeds ${seeds} --out ${out}${folder === 'static-models' ? '' : ` --policies ${folder}`}`,
  };
  await writeWhole(join(out, 'claims.json'), `${JSON.stringify(file, rounded, 1)}\n`);
  await writeWhole(join(out, 'claims.md'), markdown(file));
  await writeWhole(join(out, 'claims.svg'), claimsDrawing(file.claims));
}

/** Six digits are more than any figure here can claim. */
const rounded = (_key: string, value: unknown): unknown => (typeof value === 'number' ? Number(value.toPrecision(6)) : value);

function commit(): string {
  try {
    return execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return 'unknown';
  }
}

const number = (x: number): string => (Number.isFinite(x) ? x.toFixed(Math.abs(x) < 1 ? 3 : 1) : '–');

function markdown({
  claims,
  tables,
  explanations,
  policies,
  seeds,
  date,
  commit: at,
  machine,
  command,
  learningRates,
}: ClaimsFile): string {
  const row = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`;
  const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
    [row(head), row(head.map(() => '---')), ...rows.map(row)].join('\n');
  const accuracy = Object.entries(tables).map(([id, arms]) => {
    const ids = Object.keys(arms);
    const sets = Object.keys(arms[ids[0]!]!.sets);
    const rate = (arm: string) => learningRates[id]?.[arm as keyof SeedRun['learningRates']] ?? '';
    const rows = ids.map((arm) => {
      const { average, ci95, sets: bySet } = arms[arm]!;
      return [
        arm,
        rate(arm),
        ...sets.map((set) => bySet[set]!.toFixed(1)),
        `**${average.toFixed(1)}**`,
        `${ci95[0].toFixed(1)} to ${ci95[1].toFixed(1)}`,
      ];
    });
    return `### ${id}\n\n${table(['policy', 'rate', ...sets, 'average', '95 %'], rows)}`;
  });
  const gaps = Object.entries(policies).flatMap(([name, facts]) =>
    Object.entries(facts.gaps).map(([gap, { perResponse: r, perToken: t }]) => [
      name,
      gap,
      `${r.mean.toFixed(2)} ± ${r.error.toFixed(2)}`,
      `${t.mean.toFixed(4)} ± ${t.error.toFixed(4)}`,
    ]),
  );
  const why = Object.entries(explanations).map(([id, { style, nll }]) => {
    const rows = Object.entries(style).map(([arm, one]) => [
      arm,
      (100 * one.carefulOpenings).toFixed(1),
      (100 * one.slipRate).toFixed(1),
      one.digitEntropy.toFixed(3),
      (100 * one.accuracy).toFixed(1),
      (100 * one.greedy).toFixed(1),
      nll[arm as keyof typeof nll]!.toFixed(3),
    ]);
    return `### ${id}\n\n${table(['policy', 'careful openings', 'slips per step', 'entropy at digits', 'T = 1', 'greedy', 'NLL of expert'], rows)}`;
  });
  return `# The paper's claims in this world

${seeds} seeds, ${date}, commit ${at}, ${machine}.

    ${command}

A claim is one signed number, positive if it is true. The interval is a crossed bootstrap over test problems and seeds for accuracies, over problems for log-probs, Student's t over seeds
otherwise. *holds*: its lower end is above 0; *fails*: its upper end is below 0. The last column is the verdict after Holm's adjustment over all claims.

${table(
  ['policy', 'gap', 'claim', 'paper', 'number', '95 %', 'unit', 'verdict', 'Holm'],
  claims.map((c) => [
    c.policy,
    c.gap,
    c.statement,
    c.paper,
    number(c.mean),
    `${number(c.ci95[0])} to ${number(c.ci95[1])}`,
    c.unit,
    `**${c.verdict}**`,
    c.holm,
  ]),
)}

## Accuracies, avg@${SIZES.runs} on 5 × ${SIZES.testProblems} problems, per cent

${accuracy.join('\n\n')}

## Why: each policy's own responses to ${SIZES.validation.problems} validation problems

Shares and accuracies in per cent, entropy and NLL in nats per token, means over the seeds. The NLL is of the expert's responses to the same problems, fixed texts that no arm trained on.

${why.join('\n\n')}

## The expert's gap, log μ − log π₀ of the expert's own responses, nats

${table(['policy', 'gap', 'per response', 'per token'], gaps)}
`;
}
