import { InvalidArgumentError, Option, type Command } from 'commander';
import type { OptionValue } from '../../tasks/dataset/types';
import { OPERATORS } from '../../method/operators';
import { DATA_SEED, MAX_NEW_TOKENS } from '../../method/presets';
import {
  dataSeedOption,
  integer,
  maxNewTokensOption,
  policyOption,
  seedOption,
  taskOption,
  temperatureOption,
  threadsOption,
  topPOption,
} from '../options';
import type { RewriteOptions } from '../run/rewrite';

export function register(program: Command): void {
  program
    .command('rewrite')
    .description('Rewrite demonstrations: self-alignment, guided-alignment, fallback')
    .addOption(policyOption())
    .addOption(taskOption())
    .addOption(new Option('--operator <id>', 'how each problem gets its response').choices(OPERATORS.map(({ id }) => id)).default('dr'))
    .option('--set <name>', 'problem set', 'train')
    .addOption(new Option('--problems <n>', 'how many problems of the set').argParser(integer(1)).default(256))
    .addOption(new Option('--k <n>', 'samples per problem and stage').argParser(integer(1, 1024)).default(8))
    .addOption(seedOption())
    .addOption(dataSeedOption(DATA_SEED))
    .addOption(temperatureOption())
    .addOption(topPOption())
    .addOption(maxNewTokensOption(MAX_NEW_TOKENS))
    .addOption(new Option('--chunk <n>', 'problems sampled together').argParser(integer(1)).default(32))
    .option('--out <file>', 'file to write, .jsonl, .parquet or .csv by its name; JSONL on standard output without it')
    .addOption(
      new Option(
        '--layout <name>',
        'of JSONL: problems with all candidates, or the data set with "messages" (as in Parquet and CSV)',
      ).choices(['problems', 'dataset']),
    )
    .addOption(threadsOption())
    .option('--candidates <file>', 'JSONL of candidates made elsewhere, graded and decided here without a policy')
    .option('--grader <name>', 'with --candidates: mathematics, exact, regex, json or number', 'mathematics')
    .addOption(new Option('--grader-option <name=value>', 'an option of the grader; may be repeated').argParser(graderOption))
    .addHelpText(
      'after',
      `${OPERATORS.map(({ id, description }) => `\n  ${id.padEnd(14)}${description}`).join('')}

One line a problem: {"id","problem","gold","stage","prompt","completion","expert","candidates":[{"stage","text","correct","logProbs","samplingLogProbs"}]}.
Rows of --candidates: {"problem","gold","expert","candidates":[{"stage":"self"|"guided","response"}]}; optional: "id", "expertLogProbs", and of a candidate
"logProbs" (log π₀ per token given the plain prompt), "retellLogProbs" (guided, given the retell prompt), "samplingLogProbs" (μ), "finish":"length" (cut).`,
    )
    .action(async (options: RewriteOptions) => {
      const { candidates } = options;
      if (candidates !== undefined) {
        const { rewriteCandidates } = await import('../run/rewrite-candidates');
        return rewriteCandidates({ ...options, candidates });
      }
      const { rewrite } = await import('../run/rewrite');
      await rewrite(options);
    });
}

/** Collects `name=value`: true, false and numbers as such, anything else as text. */
function graderOption(given: string, previous: Record<string, OptionValue> = {}): Record<string, OptionValue> {
  const [, name, value] = /^(\w+)=(.*)$/s.exec(given) ?? [];
  if (!name || value === undefined) throw new InvalidArgumentError('It must look like name=value.');
  const literal =
    value === 'true' ? true : value === 'false' ? false : value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
  return { ...previous, [name]: literal };
}
