/** Draws the world's problems off the page's thread: a count and the expert's gap come in with a port, the problems go back through it. */
import type { Gap } from '../../tasks/tinymath';
import { worldProblems } from './world';

addEventListener('message', (event: MessageEvent<{ count: number; gap: Gap }>) => {
  event.ports[0]?.postMessage(worldProblems(event.data.count, event.data.gap));
});
