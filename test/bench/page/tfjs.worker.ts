/** TensorFlow.js on its WASM backend, from our own files. */
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm?url';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm?url';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm?url';
import { tfjsTrainer } from '../peers/tfjs';
import { answerTraining } from './trainer';

const absolute = (url: string): string => new URL(url, location.href).href;
setWasmPaths({
  'tfjs-backend-wasm.wasm': absolute(plain),
  'tfjs-backend-wasm-simd.wasm': absolute(simd),
  'tfjs-backend-wasm-threaded-simd.wasm': absolute(threaded),
});
// It never takes more than half of the cores it sees (tensorflow/tfjs#6081): shown twice as many, it uses all of them, as the others do.
const cores = navigator.hardwareConcurrency;
Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 * cores });
setThreadsCount(cores);
answerTraining(tfjsTrainer);
