import { Option, type Command } from 'commander';
import { WORLDS } from '../../tasks/worlds';
import { decimal, integer, seedOption, threadsOption } from '../options';
import type { PretrainOptions } from '../run/pretrain';

export function register(program: Command): void {
  const names = WORLDS.flatMap(({ policies }) => policies.map(({ name }) => name));
  program
    .command('pretrain')
    .description('Train a bundled policy from nothing on its world (resumable: run it again to go on)')
    .addOption(new Option('--policy <name>', 'which one').choices(names).default('base'))
    .option('--out <dir>', 'folder where the policy is written; default: static-models/NAME')
    .addOption(new Option('--state <dir>', 'folder of the resumable states').default('runs/pretrain'))
    .addOption(
      new Option('--micro-batches <n>', 'micro-batches of about 1,500 tokens a step; default: the policy’s own').argParser(
        integer(1, 4096),
      ),
    )
    .addOption(new Option('--layers <n>', 'decoder layers; default: the policy’s own').argParser(integer(1, 64)))
    .addOption(new Option('--hidden <n>', 'hidden size; default: the policy’s own').argParser(integer(32, 4096)))
    .addOption(new Option('--head-dim <n>', 'size of one attention head; default: the policy’s own').argParser(integer(8, 256)))
    .addOption(
      new Option('--scale <x>', 'multiplies the steps of every phase; below 1 for a trial').argParser(decimal({ above: 0 })).default(1),
    )
    .addOption(new Option('--save-every <seconds>', 'seconds between saved states').argParser(integer(1)).default(120))
    .addOption(seedOption())
    .addOption(threadsOption())
    .action(async (options: Omit<PretrainOptions, 'out'> & { out?: string }) => {
      const [{ pretrain }, { interruptSignal }, { log }] = await Promise.all([
        import('../run/pretrain'),
        import('../interrupt'),
        import('../output'),
      ]);
      await pretrain({ ...options, out: options.out ?? `static-models/${options.policy}` }, log, interruptSignal());
    });
}
