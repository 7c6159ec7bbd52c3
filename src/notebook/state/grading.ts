/** The page's access to the grading worker, which the first question starts. */
import type { GradingReply, GradingRequest } from '../lib/grading';

/** Far longer than any check takes, since checks are bounded by counted steps. It ends only the wait for a worker that has crashed. */
const PATIENCE_MS = 5000;

export class GradingClient {
  #worker: Worker | null = null;

  /** Never rejects: `error` holds a sentence about what went wrong. */
  grade(request: GradingRequest): Promise<GradingReply> {
    return new Promise((resolve) => {
      const worker = (this.#worker ??= new Worker(new URL('../lib/grading.worker.ts', import.meta.url), { type: 'module' }));
      const { port1, port2 } = new MessageChannel();
      const finish = (reply: GradingReply): void => {
        clearTimeout(timer);
        worker.removeEventListener('error', lost);
        port1.close();
        resolve(reply);
      };
      const lost = (): void => {
        worker.terminate();
        if (this.#worker === worker) this.#worker = null;
        finish({ error: 'The grader could not be started. Reload the page to try again.' });
      };
      const timer = setTimeout(lost, PATIENCE_MS);
      worker.addEventListener('error', lost);
      port1.onmessage = (event: MessageEvent<GradingReply>) => finish(event.data);
      worker.postMessage(request, [port2]);
    });
  }
}
