/** The world's problems for the page. A worker draws them, and they are kept by count. */
import type { WorldProblem } from '../lib/world';

export class World {
  #known = new Map<number, Promise<WorldProblem[]>>();

  problems(count: number): Promise<WorldProblem[]> {
    let list = this.#known.get(count);
    if (!list) this.#known.set(count, (list = draw(count)));
    return list;
  }
}

async function draw(count: number): Promise<WorldProblem[]> {
  try {
    return await inWorker(count);
  } catch {
    // Without workers the page draws the problems itself and stalls for a moment.
    return (await import('../lib/world')).worldProblems(count);
  }
}

function inWorker(count: number): Promise<WorldProblem[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('../lib/world.worker.ts', import.meta.url), { type: 'module' });
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = (event: MessageEvent<WorldProblem[]>) => {
      worker.terminate();
      resolve(event.data);
    };
    worker.onerror = (event) => {
      worker.terminate();
      reject(new Error(event.message));
    };
    worker.postMessage(count, [port2]);
  });
}
