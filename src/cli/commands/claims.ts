import { Option, type Command } from 'commander';
import { integer, threadsOption } from '../options';
import type { ClaimsOptions } from '../run/claims';

export function register(program: Command): void {
  program
    .command('claims')
    .description('Test every claim of the paper on the bundled policies, with intervals over problems and seeds (resumable)')
    .addOption(new Option('--seeds <n>', 'seeds 1 … n').argParser(integer(1, 100)).default(5))
    .addOption(
      new Option('--out <dir>', 'folder for claims.json, claims.md, claims.svg and everything they come from').makeOptionMandatory(),
    )
    .addOption(new Option('--policies <dir>', 'folder of the policies').default('static-models'))
    .addOption(threadsOption())
    .addHelpText(
      'after',
      '\nWrites claims.json: {"claims":[{"id","paper","statement","policy","gap","mean","ci95","seeds","verdict","holm"}],"tables","policies",…}.',
    )
    .action(async (options: ClaimsOptions) => {
      const { claims } = await import('../run/claims');
      await claims(options);
    });
}
