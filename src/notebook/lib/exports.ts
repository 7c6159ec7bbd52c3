/** Files of a run and of candidates made elsewhere. Loaded when one is asked for; nothing here needs a network. */
import { gapOf } from '../../tasks/tinymath/gap';
import { version } from '../../../package.json';
import { ARM_DEFINITIONS } from '../../method/arms';
import { candidateRecord } from '../../method/export/candidates';
import { datasetRecord, DATASET_COLUMNS, type DatasetProvenance } from '../../method/export/dataset';
import { modelCard } from '../../method/export/model-card';
import { recipe } from '../../method/export/recipe';
import type { DecidedRow, GradedCandidate } from '../../method/types';
import type { ChatMessage } from '../../policy/types';
import { zipFolder } from '../../policy/zip';
import type { EvaluatedId, RunConfig } from '../../protocol/messages';
import { MEDIA_TYPES, writeJsonl, writeTable, type TableFormat } from '../../tasks/formats/write';
import type { Notebook } from '../state/notebook.svelte';

const APP = `mind-the-gap-notebook ${version}`;
type Prompt = (row: DecidedRow) => ChatMessage[];

/** Null where it is not known, as for candidates made elsewhere. */
export function elsewhereProvenance(seed: number): DatasetProvenance {
  return {
    source: 'candidates made elsewhere',
    ...{ task: null, policy: null, seed, k: null, temperature: null, topP: null, app: APP },
  };
}

export const questionAlone: Prompt = (row) => [{ role: 'user', content: row.question }];

export async function datasetFile(
  format: TableFormat,
  rows: readonly DecidedRow[],
  prompt: Prompt,
  provenance: DatasetProvenance,
): Promise<Blob> {
  const records = rows.map((row) => ({ ...datasetRecord(row, prompt(row), provenance) }));
  return blob(await writeTable(format, records, DATASET_COLUMNS), MEDIA_TYPES[format]);
}

export function candidatesFile(
  rows: readonly DecidedRow[],
  candidatesOf: (problemId: string) => readonly GradedCandidate[],
  provenance: DatasetProvenance,
): Blob {
  const records = rows.map((row) => ({ ...candidateRecord(row, candidatesOf(row.problemId), provenance) }));
  return blob(writeJsonl(records), MEDIA_TYPES.jsonl);
}

export function recipeFile(dataset: string, provenance: DatasetProvenance): Blob {
  return blob(recipe(dataset, provenance), 'text/markdown');
}

/** The run's data set in the order of its problems. */
export async function runDataset(notebook: Notebook, format: TableFormat): Promise<Blob> {
  return datasetFile(format, rowsInOrder(notebook), await promptOf(notebook), runProvenance(notebook));
}

export function runCandidates(notebook: Notebook): Blob {
  return candidatesFile(rowsInOrder(notebook), (id) => notebook.run.candidatesOf(id), runProvenance(notebook));
}

export function runRecipe(notebook: Notebook, dataset: string): Blob {
  return recipeFile(dataset, runProvenance(notebook));
}

/** Configuration, seeds, device, metrics and results of a run as one JSON. A mean over nothing is null. */
export async function runFile(notebook: Notebook): Promise<Blob> {
  const { run, analysis, session } = notebook;
  await analysis.settled();
  const config = configOf(notebook);
  const record = {
    format: 'mind-the-gap/run',
    version: 1,
    app: APP,
    exportedAt: new Date().toISOString(),
    updatedAt: run.updatedAt,
    id: run.id,
    config,
    seeds: {
      data: config.rewrite.dataSeed,
      rewrite: config.rewrite.seed,
      evaluation: config.evaluation.seed,
      arms: Object.fromEntries(Object.entries(config.arms).map(([arm, { seed }]) => [arm, seed])),
    },
    policy: session.policy && {
      id: run.policyId ?? session.policy.id,
      name: session.policy.name,
      parameters: session.policy.parameterCount,
    },
    devices: run.devices,
    backend: session.policy?.backend ?? null,
    rewriting: { counts: run.counts, final: run.finalCounts, filtered: run.filtered, stages: run.stages },
    logProbs: analysis.logProbs,
    weights: analysis.weights?.diagnostics ?? null,
    arms: run.arms,
    evaluations: run.evaluations,
    evaluatedSets: run.evaluatedSets,
  };
  return blob(`${JSON.stringify(record, null, 1)}\n`, 'application/json');
}

/** A policy as a Hugging Face folder in one archive, with a model card. @throws Error where the worker cannot give it. */
export async function policyFile(notebook: Notebook, id: EvaluatedId, folder: string): Promise<Blob> {
  const { run, session } = notebook;
  const { client, policy } = session;
  if (!client || !policy) throw new Error('the policy is not loaded.');
  const files = await client.exportPolicy(id, run.id ?? undefined).result;
  const config = configOf(notebook);
  const { k, temperature, problems, seed } = config.rewrite;
  const evaluation = run.evaluations[id];
  const card = modelCard({
    name: folder,
    base: { name: policy.name, id: run.policyId ?? policy.id },
    parameters: policy.parameterCount,
    ...(id !== 'base' && {
      training: {
        arm: ARM_DEFINITIONS[id].name,
        description: ARM_DEFINITIONS[id].description,
        config: config.arms[id]!,
        last: run.arms[id].metrics.at(-1) ?? null,
        rewriting:
          `${problems} problems of the task ${config.task}, K = ${k}, temperature ${temperature}, seed ${seed}: ` +
          `self ${run.counts.self.accepted}, guided ${run.counts.guided.accepted}, fallback ${run.counts.fallback.accepted}.`,
      },
    }),
    ...(evaluation && { evaluation }),
    devices: run.devices,
    app: APP,
  });
  return blob(zipFolder(folder, new Map([...files, ['README.md', new TextEncoder().encode(card)]])), 'application/zip');
}

function configOf({ run }: Notebook): RunConfig {
  if (!run.config) throw new Error('no run is open yet.');
  return run.config;
}

function rowsInOrder({ run }: Notebook): DecidedRow[] {
  return run.problems.flatMap(({ id }) => run.rowOf(id) ?? []);
}

function runProvenance(notebook: Notebook): DatasetProvenance {
  const { run, session } = notebook;
  const { task, rewrite } = configOf(notebook);
  const { seed, k, temperature, topP } = rewrite;
  return { source: 'sampled here', task, policy: run.policyId ?? session.policy?.id ?? null, seed, k, temperature, topP, app: APP };
}

/** The plain prompt of the run's task. */
async function promptOf(notebook: Notebook): Promise<Prompt> {
  const { task } = configOf(notebook);
  if (gapOf(task)) {
    const { plainMessages } = await import('../../tasks/tinymath/prompts');
    return (row) => plainMessages(row.question);
  }
  const { client } = notebook.session;
  if (!client) throw new Error('the worker that keeps the task is not running.');
  const [{ datasetTask }, spec] = await Promise.all([import('../../tasks/dataset/task'), client.ask({ type: 'get-task', task })]);
  const own = datasetTask(spec);
  return ({ problemId, ...row }) => own.messages({ id: problemId, ...row });
}

function blob(content: string | Uint8Array, type: string): Blob {
  return new Blob([typeof content === 'string' ? content : (content as Uint8Array<ArrayBuffer>)], { type });
}
