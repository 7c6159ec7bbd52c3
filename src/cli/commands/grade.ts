import { Option, type Command } from 'commander';
import { GRADE_OPTIONS } from '../../math/options';

/** `listOrder` as `--list-order`. */
const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

export function register(program: Command): void {
  const command = program
    .command('grade')
    .description('Grade mathematical answers: JSONL rows {"gold", "prediction"} or {"gold", "response"} on standard input')
    .addHelpText(
      'after',
      '\nPrints, in order, {"correct":…,"rule":…,"status":…,"gold":…,"prediction":…}; {"line":n,"error":…} for a row that cannot be read.',
    );
  for (const info of GRADE_OPTIONS) {
    const value = info.kind === 'choice' ? 'choice' : 'n';
    const option = new Option(`${flagOf(info.name)} <${value}>`, info.description).default(info.default);
    if (info.kind === 'choice') option.choices(info.choices.map((choice) => choice.value));
    else option.argParser(Number);
    command.addOption(option);
  }
  command.action(async (options: Record<string, unknown>) => {
    const { grade } = await import('../run/grade');
    await grade(options, process.stdin);
  });
}
