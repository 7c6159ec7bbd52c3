import { Option, type Command } from 'commander';
import { decimal, DEFAULT_POLICY, integer, seedOption, threadsOption } from '../options';
import type { PretrainOptions } from '../run/pretrain';

export function register(program: Command): void {
  program
    .command('pretrain')
    .description('Train a bundled policy from scratch on its world (resumable: run it again to go on)')
    .option('--world <id>', 'whose texts to learn: tinymath, letters', 'tinymath')
    .addOption(new Option('--out <dir>', 'folder with the tokenizer, where the policy is written').default(DEFAULT_POLICY))
    .addOption(new Option('--state <dir>', 'folder of the resumable state').default('runs/pretrain'))
    .addOption(new Option('--steps <n>', 'optimizer steps').argParser(integer(1)).default(5600))
    .addOption(new Option('--micro-batches <n>', 'micro-batches of about 1,500 tokens a step').argParser(integer(1, 4096)).default(2))
    .addOption(new Option('--learning-rate <x>', 'peak of the cosine schedule').argParser(decimal({ above: 0 })).default(0.002))
    .addOption(new Option('--layers <n>', 'decoder layers').argParser(integer(1, 64)).default(5))
    .addOption(new Option('--hidden <n>', 'hidden size').argParser(integer(32, 4096)).default(128))
    .addOption(new Option('--head-dim <n>', 'size of one attention head').argParser(integer(8, 256)).default(32))
    .addOption(new Option('--save-every <seconds>', 'seconds between saved states').argParser(integer(1)).default(120))
    .addOption(seedOption())
    .addOption(threadsOption())
    .action(async (options: PretrainOptions) => {
      const [{ pretrain }, { interruptSignal }, { log }] = await Promise.all([
        import('../run/pretrain'),
        import('../interrupt'),
        import('../output'),
      ]);
      await pretrain(options, log, interruptSignal());
    });
}
