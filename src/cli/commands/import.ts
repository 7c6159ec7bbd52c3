import { Option, type Command } from 'commander';
import { integer, decimal } from '../options';
import type { ImportCommandOptions } from '../run/import';

export function register(program: Command): void {
  const share = decimal({ min: 0, max: 0.9 });
  program
    .command('import')
    .description('Turn a file of problems (JSONL, JSON, CSV, TSV, Parquet) or a data set of the Hugging Face Hub into a task')
    .addOption(new Option('--in <file>', 'file with one problem per row').conflicts('hub'))
    .addOption(new Option('--hub <id>', 'data set of the Hub, owner/name; HF_TOKEN is sent if it is set'))
    .option('--file <path>', 'file of that data set')
    .option('--split <name>', 'split of that data set: train, validation, test; default: train, else the first file')
    .option('--revision <name>', 'branch, tag or commit of that data set', 'main')
    .option('--base <url>', 'another server that speaks the Hub’s interface')
    .option('--test-in <file>', 'file whose problems become the test set')
    .option('--shape <id>', 'layout of the rows; recognised by the columns without it')
    .option('--map <rules>', 'columns, e.g. question=problem,gold=solution:box,expert=solution')
    .addOption(new Option('--limit <n>', 'problems to take at most').argParser(integer(1)).default(20_000))
    .option('--policy <dir>', 'policy folder whose tokens and context decide which rows are too long')
    .addOption(new Option('--max-length <n>', 'longest prompt and response in tokens; default: the policy’s context').argParser(integer(8)))
    .option('--keep-long', 'take rows that are too long all the same', false)
    .addOption(new Option('--templates <id>', 'wording of the prompts').choices(['general', 'built-in']).default('general'))
    .addOption(new Option('--validation <share>', 'share of the rows held out for tuning').argParser(share).default(0.1))
    .addOption(new Option('--test <share>', 'share of the rows held out for testing').argParser(share).default(0.1))
    .option('--name <text>', 'name of the task; default: that of the file')
    .option('--out <file>', 'task file to write; without it only the report is made')
    .addHelpText(
      'after',
      '\nPrints a report: {"source","shape","mapping","rows":{"read","taken","trainable"},"counts","listed":[{"row","reason","detail","excerpt"}],…}.',
    )
    .action(async (options: ImportCommandOptions) => {
      const { importTask } = await import('../run/import');
      await importTask(options);
    });
}
