/** `growth/storage-*`: candidates written to Chromium's IndexedDB (a durable transaction a chunk) and read back whole, by their number. */
import { presetPlan } from '../../../src/method/presets';
import type { RunConfig } from '../../../src/storage';
import type { StorageRun } from '../page/storage.worker';
import { median, type Row } from '../row';
import { growth } from './growth';

const plan = presetPlan('quick', 1, 256);
const CONFIG: RunConfig = { task: 'hands', policyUrl: 'static-models/base/', ...plan };

const row = (what: 'write' | 'read'): Row => ({
  name: `growth/storage-${what}`,
  backend: 'indexeddb',
  threads: 1,
  unit: '× time for 100× the work',
  better: 'less',
  peer: 'in proportion',
  async measure(context) {
    const page = await context.open();
    try {
      const worker = await page.worker('storage');
      const sizes = context.quick ? [16, 64, 256] : [1000, 10_000, 100_000];
      const bytes: number[] = [];
      await worker.call<StorageRun>('measure', sizes[0], CONFIG);
      const measured = await growth(context, sizes, 'candidates', async (count) => {
        const run = await worker.call<StorageRun>('measure', count, CONFIG);
        if (count === sizes[sizes.length - 1]) bytes.push(run.bytes / count);
        return run[what];
      });
      return { ...measured, notes: [...measured.notes!, `${Math.round(median(bytes))} bytes each, as the browser counts`] };
    } finally {
      await page.close();
    }
  },
});

export const STORAGE: Row[] = [row('write'), row('read')];
