/** Results on standard output, progress on standard error. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { InputError, messageOf } from './errors';

/** One JSON value as a line of standard output; waits where the reader is slower. */
export async function printJson(value: unknown): Promise<void> {
  if (!process.stdout.write(`${JSON.stringify(value)}\n`)) await once(process.stdout, 'drain');
}

/** Writes a file whole or not at all, with its folder. */
export async function writeWhole(path: string, content: string | Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(temporary, content);
    await rename(temporary, path);
  } catch (error) {
    throw new InputError(`${path} cannot be written: ${messageOf(error)}`);
  }
}

export function log(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** A progress line: rewritten in place on a terminal, printed every few seconds elsewhere. */
export class Progress {
  private readonly started = Date.now();
  private printed = 0;
  private open = false;

  constructor(private readonly label: string) {}

  update(done: number, of: number, note = ''): void {
    const now = Date.now();
    const interval = process.stderr.isTTY ? 100 : 10_000;
    if (done < of && now - this.printed < interval) return;
    if (this.printed === 0 && !process.stderr.isTTY && done < of) {
      this.printed = now;
      return;
    }
    this.printed = now;
    const elapsed = (now - this.started) / 1000;
    const left = done > 0 && done < of ? `, about ${duration((elapsed / done) * (of - done))} left` : '';
    const line = `${this.label}: ${done}/${of}${note && `, ${note}`} (${duration(elapsed)}${left})`;
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[K${line}`);
      this.open = true;
      if (done >= of) this.end();
    } else log(line);
  }

  /** Closes the line on a terminal. */
  end(): void {
    if (this.open) process.stderr.write('\n');
    this.open = false;
  }
}

export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}
