/** jax-js on its WASM backend; it starts as many threads as the machine has cores. */
import { jaxTrainer } from '../peers/jax';
import { answerTraining } from './trainer';

answerTraining(jaxTrainer);
