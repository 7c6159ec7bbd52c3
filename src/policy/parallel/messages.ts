/** What a policy and its replicas say to each other. Everything is structured-cloneable: typed arrays, plain objects. */
import type { LlamaConfig } from '../config';
import type { FeatureName } from '../objective';
import type { AccumulateResult, Rollout, SampleRequest, Score, Sequence, TrainExample } from '../types';

/** What a replica knows from its start. */
export interface ReplicaSetup {
  config: LlamaConfig;
  eosId: number;
  blockSteps: number;
}

export type SampleShare = Omit<SampleRequest, 'signal'>;
export interface AccumulateShare {
  examples: readonly TrainExample[];
  totalTokens: number;
  objective: { key: string; fed: readonly FeatureName[] };
  /** Encoded graphs that the replica has not been sent yet, by session key. */
  models: readonly (readonly [key: string, model: Uint8Array])[];
}

export type ToReplica =
  | ({ type: 'start' } & ReplicaSetup)
  /** The parameters of whatever is asked from now on. */
  | { type: 'parameters'; parameters: Float32Array }
  | { type: 'sample'; id: number; request: SampleShare }
  | { type: 'score'; id: number; sequences: readonly Sequence[] }
  | { type: 'accumulate'; id: number; share: AccumulateShare }
  /** Ends a job at its next session run. */
  | { type: 'cancel'; id: number };

export interface GradientShare {
  sums: AccumulateResult;
  gradient: Float32Array;
}

export type FromReplica =
  | { type: 'ready' }
  | { type: 'rollout'; id: number; rollout: Rollout }
  /** Its runtime could not be made: no job will ever be done. */
  | { type: 'unready'; message: string }
  | { type: 'done'; id: number; result: Score[] | GradientShare | null }
  | { type: 'failed'; id: number; message: string };

/** One end of the line between two threads. */
export interface Port<Out, In> {
  post(message: Out, transfer?: ArrayBufferLike[]): void;
  onMessage(listener: (message: In) => void): void;
}
/** The policy's end: it also hears of the thread's failure, and ends the thread. */
export interface ReplicaPort extends Port<ToReplica, FromReplica> {
  onFailure(listener: (reason: string) => void): void;
  close(): Promise<void>;
}
/** Starts a thread that runs `serveReplica`. */
export type ReplicaLauncher = () => ReplicaPort;
