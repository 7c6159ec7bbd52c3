import { Option, type Command } from 'commander';
import { DATA_SEED, MAX_NEW_TOKENS } from '../../method/presets';
import {
  dataSeedOption,
  integer,
  maxNewTokensOption,
  policyOption,
  seedOption,
  temperatureOption,
  threadsOption,
  topPOption,
} from '../options';

export interface RewriteOptions {
  policy: string;
  set: string;
  problems: number;
  k: number;
  seed: number;
  dataSeed: number;
  temperature: number;
  topP: number;
  maxNewTokens: number;
  chunk: number;
  out?: string;
  threads: number;
}

export function register(program: Command): void {
  program
    .command('rewrite')
    .description('Rewrite demonstrations: self-alignment, guided-alignment, fallback')
    .addOption(policyOption())
    .option('--set <name>', 'problem set', 'train')
    .addOption(new Option('--problems <n>', 'how many problems of the set').argParser(integer(1)).default(256))
    .addOption(new Option('--k <n>', 'samples per problem and stage').argParser(integer(1, 1024)).default(8))
    .addOption(seedOption())
    .addOption(dataSeedOption(DATA_SEED))
    .addOption(temperatureOption())
    .addOption(topPOption())
    .addOption(maxNewTokensOption(MAX_NEW_TOKENS))
    .addOption(new Option('--chunk <n>', 'problems sampled together').argParser(integer(1)).default(32))
    .option('--out <file>', 'JSONL file to write; standard output without it')
    .addOption(threadsOption())
    .addHelpText(
      'after',
      '\nOne line a problem: {"id","problem","gold","stage","prompt","completion","expert","candidates":[{"stage","text","correct","logProbs","samplingLogProbs"}]}.',
    )
    .action(async (options: RewriteOptions) => {
      const { rewrite } = await import('../run/rewrite');
      await rewrite(options);
    });
}
