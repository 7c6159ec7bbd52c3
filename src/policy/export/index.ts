/** Policies for other runtimes. */
export { exportOnnx } from './decoder';
