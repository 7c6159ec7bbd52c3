/** Draws the world's problems outside the page's thread. It receives a count and a port, and sends the problems through the port. */
import { worldProblems } from './world';

addEventListener('message', (event: MessageEvent<number>) => {
  event.ports[0]?.postMessage(worldProblems(event.data));
});
