/** Draws the world's problems off the page's thread: a count comes in with a port, the problems go back through it. */
import { worldProblems } from './world';

addEventListener('message', (event: MessageEvent<number>) => {
  event.ports[0]?.postMessage(worldProblems(event.data));
});
