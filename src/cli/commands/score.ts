import { Option, type Command } from 'commander';
import { policyOption, threadsOption } from '../options';
import type { ScoreOptions } from '../run/score';

export function register(program: Command): void {
  program
    .command('score')
    .description('Log-probabilities of given responses, token by token')
    .addOption(policyOption())
    .addOption(
      new Option(
        '--data <file>',
        'JSONL rows {"ids":[…],"from":n} or {"prompt":"…","completion":"…"} (the prompt exactly as given)',
      ).makeOptionMandatory(),
    )
    .option('--no-eos', 'do not append the end-of-sequence token to completions')
    .addOption(threadsOption())
    .addHelpText('after', '\nPrints one line a row: {"tokens":[…],"logProbs":[…],"sum":…}, for the response only.')
    .action(async (options: ScoreOptions) => {
      const { score } = await import('../run/score');
      await score(options);
    });
}
