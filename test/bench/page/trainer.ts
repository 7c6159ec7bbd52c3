/** What the workers of the training peers have in common. */
import type { StepSettings, TrainBatch } from '../engine';
import { denseBatch, readModel, type DenseBatch, type Trainer, type TrainModel } from '../peers/model';
import { answer } from './rpc';

export interface PeerRun {
  /** Seconds a step. */
  seconds: number;
  losses: number[];
}

export function answerTraining(
  make: (model: TrainModel, batch: DenseBatch, settings: StepSettings, device?: 'wasm' | 'webgpu') => Promise<Trainer>,
): void {
  let trainer: Trainer | null = null;
  answer({
    /** `base`: address of a policy folder, with a final slash. Starts anew from its weights; says what it runs on. */
    async load(base: string, batch: TrainBatch, settings: StepSettings, device: 'wasm' | 'webgpu' = 'wasm'): Promise<string> {
      trainer?.dispose();
      const config = await (await fetch(`${base}config.json`)).text();
      const model = readModel(config, new Uint8Array(await (await fetch(`${base}model.safetensors`)).arrayBuffer()));
      trainer = await make(model, denseBatch(model.config, batch), settings, device);
      return trainer.detail;
    },
    async train(steps: number): Promise<PeerRun> {
      if (!trainer) throw new Error('load() comes first.');
      const losses: number[] = [];
      const started = performance.now();
      for (let i = 0; i < steps; i++) losses.push(await trainer.step());
      return { seconds: (performance.now() - started) / 1000 / steps, losses };
    },
  });
}
