/** The world's problems for the page, drawn in a worker of their own and kept per count and setting of the expert's gap. */
import type { Gap } from '../../tasks/tinymath/gap';
import type { WorldProblem } from '../lib/world';

export class World {
  #known = new Map<string, Promise<WorldProblem[]>>();

  problems(count: number, gap: Gap): Promise<WorldProblem[]> {
    const key = `${gap}/${count}`;
    let list = this.#known.get(key);
    if (!list) this.#known.set(key, (list = draw(count, gap)));
    return list;
  }
}

async function draw(count: number, gap: Gap): Promise<WorldProblem[]> {
  try {
    return await inWorker(count, gap);
  } catch {
    // Without workers the page stalls for a moment, and has its problems.
    return (await import('../lib/world')).worldProblems(count, gap);
  }
}

function inWorker(count: number, gap: Gap): Promise<WorldProblem[]> {
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
    worker.postMessage({ count, gap }, [port2]);
  });
}
