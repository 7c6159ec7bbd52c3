import { Option, type Command } from 'commander';
import { SHARED_TRAINING } from '../../method/arms';
import { OBJECTIVES, type ObjectiveDefinition } from '../../method/objectives';
import { assignments, decimal, integer, policyOption, seedOption, threadsOption } from '../options';
import type { TrainOptions } from '../run/train';

/** An objective and its parameters as lines of the help. */
function described({ id, description, params }: ObjectiveDefinition): string {
  const lines = Object.entries(params).map(
    ([name, param]) => `\n    --set ${name}=${param.default}  from ${param.min} to ${param.max}: ${param.description}`,
  );
  return `\n  ${id.padEnd(8)}${description}${lines.join('')}`;
}

export function register(program: Command): void {
  program
    .command('train')
    .description('Fine-tune a policy on responses')
    .addOption(policyOption())
    .addOption(new Option('--data <file>', 'JSONL: rows of \'gap rewrite\', {"prompt","completion"} or {"messages"}').makeOptionMandatory())
    .option('--objective <id>', Object.keys(OBJECTIVES).join(', '), 'dft')
    .addOption(new Option('--set <name=value>', 'parameter of the objective; may be repeated').argParser(assignments))
    .addOption(new Option('--param <name=value>', 'the same as --set').argParser(assignments))
    .addOption(new Option('--out <dir>', 'folder to write the trained policy to, in Hugging Face layout').makeOptionMandatory())
    .addOption(
      new Option('--lr <rate>', 'peak learning rate (default: the one tuned for DFT, which all arms share)').argParser(
        decimal({ above: 0 }),
      ),
    )
    .addOption(new Option('--epochs <n>', 'passes over the data').argParser(integer(1)).default(SHARED_TRAINING.epochs))
    .addOption(new Option('--batch <n>', 'examples per optimizer step').argParser(integer(1)).default(SHARED_TRAINING.batchSize))
    .addOption(
      new Option('--warmup <share>', 'share of steps of linear warm-up')
        .argParser(decimal({ min: 0, max: 0.99 }))
        .default(SHARED_TRAINING.warmup),
    )
    .addOption(new Option('--weight-decay <x>', 'AdamW weight decay').argParser(decimal({ min: 0 })).default(SHARED_TRAINING.weightDecay))
    .addOption(new Option('--clip <norm>', 'largest gradient norm').argParser(decimal({ above: 0 })).default(SHARED_TRAINING.clipNorm))
    .addOption(
      new Option(
        '--max-length <n>',
        "longest prompt + response in tokens; longer rows are filtered (default: the policy's context)",
      ).argParser(integer(2)),
    )
    .addOption(seedOption())
    .addOption(threadsOption())
    .addHelpText('after', `\nObjectives:${Object.values(OBJECTIVES).map(described).join('')}`)
    .addHelpText('after', '\nPrints one line an optimizer step: {"step","steps","loss","nll","entropy","essRatio","gradNorm",…}.')
    .action(async (options: TrainOptions) => {
      const { train } = await import('../run/train');
      await train(options);
    });
}
