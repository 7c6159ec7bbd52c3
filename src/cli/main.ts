/** `npm run -s gap -- <command>`: JSON or JSONL on standard output, progress on standard error, exit code 2 for bad input. */
import { run } from './program';

// A reader that has seen enough (`| head`) is no failure.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));
process.exitCode = await run(process.argv.slice(2));
