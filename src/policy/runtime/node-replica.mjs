/** The thread of a replica in Node. It loads TypeScript itself: a loader that its parent was started with does not reach into threads. */
import { register } from 'tsx/esm/api';

register();
await import('./node-replica.ts');
