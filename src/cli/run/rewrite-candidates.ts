import { datasetRecord, DATASET_COLUMNS, type DatasetProvenance } from '../../method/export/dataset';
import { rewriteRecord } from '../../method/export/rewrite-record';
import { rewriteCandidates as rewriteProblem, type RewrittenProblem } from '../../method/rewrite-candidates';
import { STAGES } from '../../method/operators';
import { readCandidateRows } from '../../tasks/dataset/candidate-row';
import { createGrade } from '../../tasks/graders';
import { writeJsonl, writeTable } from '../../tasks/formats/write';
import type { RewriteOptions } from './rewrite';
import { asInput, InputError } from '../errors';
import { fileLines } from '../lines';
import { log } from '../output';
import { APP, deliver, tableFormat } from './rewrite';

/** `gap rewrite --candidates`: T over candidates made elsewhere. A malformed row is named with its line, and the rest go on. */
export async function rewriteCandidates(options: RewriteOptions & { candidates: string }): Promise<void> {
  const { candidates: path, seed, out } = options;
  const table = tableFormat(options);
  const grade = await asInput(() => createGrade({ id: options.grader, ...(options.graderOption && { options: options.graderOption }) }));
  const problems: RewrittenProblem[] = [];
  let malformed = 0;
  for await (const read of readCandidateRows(fileLines(path))) {
    if ('row' in read) problems.push(rewriteProblem(read.row, grade, seed));
    else {
      malformed++;
      log(`${path}, line ${read.line}: ${read.error}`);
    }
  }
  if (problems.length === 0) throw new InputError(`${path} holds no row that can be used.`);

  const provenance: DatasetProvenance = {
    source: 'candidates made elsewhere',
    ...{ task: null, policy: null, seed, k: null, temperature: null, topP: null, app: APP },
  };
  const content = table
    ? await writeTable(
        table,
        problems.map(({ problem, row }) => ({ ...datasetRecord(row, [{ role: 'user', content: problem.question }], provenance) })),
        DATASET_COLUMNS,
      )
    : writeJsonl(problems.map(({ row, candidates }) => rewriteRecord(row, candidates, null)));
  await deliver(content, out);
  const count = (stage: string) => problems.filter(({ row }) => row.stage === stage).length;
  const graded = problems.reduce((total, { candidates }) => total + candidates.length, 0);
  log(
    `${problems.length} problems, ${graded} candidates graded by ${options.grader}: ${STAGES.map((stage) => `${stage} ${count(stage)}`).join(', ')}` +
      (malformed > 0 ? `; ${malformed} malformed ${malformed === 1 ? 'row' : 'rows'} left out` : ''),
  );
}
