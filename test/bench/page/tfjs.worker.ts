/** TensorFlow.js on its WASM backend, from our own files. By itself it takes half of the cores. */
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
setThreadsCount(navigator.hardwareConcurrency);
answerTraining(tfjsTrainer);
