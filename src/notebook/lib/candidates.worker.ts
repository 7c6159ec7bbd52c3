/**
 * Reads, grades and decides candidates made elsewhere, outside the page's thread. It receives a request and sends rows back as they are
 * decided.
 */
import { rewriteCandidates, type RewrittenProblem } from '../../method/rewrite-candidates';
import { candidateLines, readCandidateRows } from '../../tasks/dataset/candidate-row';
import { blobSource } from '../../tasks/formats/source';
import { createGrade } from '../../tasks/graders';
import type { CandidatesReply, CandidatesRequest, MalformedRow } from './candidates';
import { explain } from './errors';

const INTERVAL_MS = 100;
const reply = (message: CandidatesReply): void => postMessage(message);

addEventListener('message', (event: MessageEvent<CandidatesRequest>) => {
  work(event.data).catch((error: unknown) => reply({ type: 'failed', ...explain(error, `${event.data.name} could not be read.`) }));
});

async function work({ file, name, grader, seed }: CandidatesRequest): Promise<void> {
  const grade = createGrade(grader);
  let bytes = 0;
  let problems: RewrittenProblem[] = [];
  let malformed: MalformedRow[] = [];
  let sent = performance.now();
  const flush = (): void => {
    reply({ type: 'rows', problems, malformed, bytes });
    problems = [];
    malformed = [];
    sent = performance.now();
  };
  async function* counted(): AsyncGenerator<Uint8Array, void, void> {
    for await (const chunk of blobSource(name, file).stream()) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  for await (const read of readCandidateRows(candidateLines(counted(), name))) {
    if ('row' in read) problems.push(rewriteCandidates(read.row, grade, seed));
    else malformed.push(read);
    if (performance.now() - sent >= INTERVAL_MS) flush();
  }
  flush();
  reply({ type: 'done' });
}
