import { Option, type Command } from 'commander';
import { policyOption } from '../options';
import type { ExportCommandOptions } from '../run/export';

export function register(program: Command): void {
  program
    .command('export')
    .description('Write a policy as a Hugging Face folder, for Transformers or Transformers.js')
    .addOption(policyOption())
    .addOption(new Option('--out <dir>', 'folder to write').makeOptionMandatory())
    .addOption(new Option('--dtype <type>', 'type of the weights in model.safetensors').choices(['f16', 'f32']).default('f32'))
    .option('--onnx', 'with onnx/model.onnx (f32) for Transformers.js')
    .addHelpText('after', '\nPrints one line a file: {"file","bytes"}.')
    .action(async (options: ExportCommandOptions) => {
      const { exportPolicy } = await import('../run/export');
      await exportPolicy(options);
    });
}
