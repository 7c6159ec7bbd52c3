/** The commands, with their errors turned into one line and an exit code. */
import { readdirSync } from 'node:fs';
import { Command, CommanderError } from 'commander';
import { InputError, messageOf } from './errors';
import { Interrupted } from './interrupt';

interface CommandModule {
  register(program: Command): void;
}

/** Commands by name: every file of `commands/` is one. Only what is asked for is imported. */
const COMMANDS = readdirSync(new URL('./commands/', import.meta.url))
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
  .sort();

/**
 * Runs `gap` with the given arguments. Exit codes: 0 done (also help), 2 bad input, 130 stopped from outside, 1 anything else.
 */
export async function run(args: string[]): Promise<number> {
  const program = new Command('gap')
    .description('Off-policy fine-tuning with data rewriting, on onnxruntime-node.')
    .configureOutput({ outputError: (text, write) => write(text.replace(/\s*\n\s*/g, ' ').trim() + '\n') })
    .configureHelp({ showGlobalOptions: false })
    .showSuggestionAfterError(true)
    .exitOverride();
  const asked = args[0] ?? '';
  for (const name of COMMANDS.includes(asked) ? [asked] : COMMANDS) {
    const module = (await import(`./commands/${name}.ts`)) as CommandModule;
    module.register(program);
  }
  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    return exitCode(error);
  }
}

function exitCode(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2; // commander has printed its line
  if (error instanceof Interrupted) {
    process.stderr.write('Stopped.\n');
    return 130;
  }
  const line = messageOf(error).replace(/\s*\n\s*/g, ' ');
  process.stderr.write(`error: ${line}\n`);
  if (error instanceof InputError) return 2;
  if (process.env['GAP_DEBUG'] && error instanceof Error) process.stderr.write(`${error.stack}\n`);
  return 1;
}
