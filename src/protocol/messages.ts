/**
 * The whole vocabulary between the page and the policy worker, on one screen. Plain data, structured-cloneable
 * (`$state.snapshot` before it goes into a command). `src/protocol/client.ts` turns it into promises and streams.
 *
 * A command gets: `started` when its turn comes (commands that compute run one after the other, in order), any number of events,
 * and exactly one of `done`, `stopped` or `failed`, after which its request id is never used again. Replies with request 0 are unprompted.
 */
import type {
  AccuracyResult,
  ArmId,
  Candidate,
  EvaluationResult,
  RewriteEvent,
  RewrittenRow,
  SamplingStage,
  Stage,
  TrainMetrics,
} from '../method/types';
import type { EvaluatedSet } from '../method/evaluate';
import type { BackendInfo } from '../policy/types';
import type { EvaluatedId, RunConfig, StageSummary, TaskRecord } from '../storage/records';
import type { TaskSpec } from '../tasks/dataset/types';

export type { EvaluatedId, RunConfig, StageSummary, TaskRecord } from '../storage/records';

/** Page and worker of different builds (an old service worker cache) notice each other by this. */
export const PROTOCOL_VERSION = 4;

export type BackendChoice = 'auto' | 'wasm' | 'webgpu';

/** Tokens per second of one backend in the short comparison. */
export interface BackendSpeed {
  sample: number;
  train: number;
}

export interface PolicyInfo {
  id: string;
  name: string;
  parameterCount: number;
  maxLength: number;
  vocabSize: number;
  backend: BackendInfo;
  /** What was asked for; 'auto' = the faster one. */
  choice: BackendChoice;
  /** Once WebGPU has been compared with WASM, or cannot be. `note` says in words what was chosen and why. */
  measured?: { wasm?: BackendSpeed; webgpu?: BackendSpeed; note: string };
}

/** Page → worker. Every command carries `request`; the answer stream carries it back. */
export type Command =
  | { type: 'load'; request: number; policyUrl: string; backend: BackendChoice; threads?: number }
  /** Needs no loaded policy: what is stored is shown at once. Finds the run of this configuration or creates it. */
  | { type: 'open-run'; request: number; config: RunConfig }
  | { type: 'rewrite'; request: number; runId: string }
  | { type: 'train'; request: number; runId: string; arm: ArmId }
  /** `sets`: default the task's test sets. Sets already stored are announced again, not computed again. */
  | { type: 'evaluate'; request: number; runId: string; policy: EvaluatedId; sets?: string[] }
  /** One prompt, one sample, with the log-prob of each token: the try-it box. `runId` where `policy` is an arm. */
  | { type: 'sample-one'; request: number; question: string; temperature: number; seed: number; policy?: EvaluatedId; runId?: string }
  /** A given response under the plain prompt and a policy (the page's problem browser: expert and own voice side by side). */
  | { type: 'score-text'; request: number; question: string; response: string; policy?: EvaluatedId; runId?: string }
  /** Hugging Face folder of the base policy or of a trained arm. */
  | { type: 'export-policy'; request: number; policy: EvaluatedId; runId?: string }
  | { type: 'list-runs'; request: number }
  | { type: 'delete-run'; request: number; runId: string }
  /** The reader's own tasks, the last one added first. */
  | { type: 'list-tasks'; request: number }
  /** Stores a task; answered by its record, which names the key. The same task twice is one. */
  | { type: 'add-task'; request: number; spec: TaskSpec }
  | { type: 'get-task'; request: number; task: string }
  /** Refused while runs of it are stored: they could not go on. */
  | { type: 'delete-task'; request: number; task: string }
  | { type: 'usage'; request: number }
  /** IndexedDB, Cache API and origin-private files of this project. */
  | { type: 'clear-all'; request: number }
  | { type: 'get-setting'; request: number; key: string }
  | { type: 'set-setting'; request: number; key: string; value: SettingValue }
  /** Cooperative: the target ends with `stopped` after the session run in progress. */
  | { type: 'stop'; request: number; target: number }
  /** Write a checkpoint now: the page is being hidden. Done when it is durable. */
  | { type: 'flush'; request: number };

/** What each command answers with; a command that is not named here answers with nothing. */
export interface Results {
  load: PolicyInfo;
  'open-run': RunSnapshot;
  evaluate: EvaluationResult;
  'sample-one': OneSample;
  'score-text': ScoredText;
  /** File name → bytes of the Hugging Face folder. */
  'export-policy': Map<string, Uint8Array<ArrayBuffer>>;
  'list-runs': RunSummary[];
  'list-tasks': TaskRecord[];
  'add-task': TaskRecord;
  'get-task': TaskSpec;
  usage: StorageUsage;
  /** Null when never set. */
  'get-setting': SettingValue;
}
export type Result = Results[keyof Results];
export type ResultOf<C extends Command['type']> = C extends keyof Results ? Results[C] : void;

/** Worker → page. */
export type Reply =
  | { type: 'ready'; request: 0; version: number }
  /** `queued` commands wait; this one is being worked on. */
  | { type: 'started'; request: number }
  | { type: 'load-progress'; request: number; loaded: number; total: number; what: string }
  /** What the command answers with, before its `done`: `Results` says what that is for each. */
  | { type: 'result'; request: number; result: Result }
  /** Unprompted: measured, or fallen back to WASM. */
  | { type: 'policy-changed'; request: 0; policy: PolicyInfo }
  /** Unprompted: something the reader should know, in a sentence, and what to do about it. Same id = the same notice, updated. */
  | { type: 'notice'; request: 0; id: NoticeId; message: string; hint: string }
  /** First in a stream when another tab has changed the run since it was last sent: replace what is shown. */
  | { type: 'run'; request: number; run: RunSnapshot }
  /** Batched: at most one message per ~50 ms. A `chunk` event is announced after it is durable. */
  | { type: 'rewrite'; request: number; events: RewriteEvent[] }
  | { type: 'train'; request: number; arm: ArmId; metrics: TrainMetrics[] }
  /** Steps up to `step` are durable. */
  | { type: 'checkpoint'; request: number; arm: ArmId; step: number; steps: number }
  | { type: 'evaluated-set'; request: number; policy: EvaluatedId; set: string; result: SetResult }
  /** The answer as far as it has come. */
  | { type: 'sample-part'; request: number; pieces: SamplePiece[] }
  /** `label` says in words what is being counted, e.g. 'Self-alignment: samples'. */
  | { type: 'progress'; request: number; progress: Progress }
  | { type: 'done'; request: number }
  | { type: 'stopped'; request: number }
  | { type: 'failed'; request: number; message: string; hint: string };

export type NoticeId = 'memory-only' | 'storage-full' | 'storage-blocked' | 'storage-closed' | 'webgpu' | 'threads';

export type SettingValue = string | number | boolean | null | SettingValue[] | { [key: string]: SettingValue };

export interface Progress {
  label: string;
  done: number;
  of: number;
  /** Null until it can be estimated. */
  etaSeconds: number | null;
}

export interface OneSample {
  text: string;
  finish: 'eos' | 'length';
  /** One per token; `text` pieces concatenate to the response, EOS has an empty one. */
  pieces: SamplePiece[];
}
export interface SamplePiece {
  text: string;
  logProb: number;
}

export interface ScoredText {
  /** One per token, EOS last with an empty text; entropy in nats. */
  pieces: { text: string; logProb: number; entropy: number }[];
}

/** A test set's result with that of each problem, from which differences between policies are paired. */
export type SetResult = AccuracyResult & Pick<EvaluatedSet, 'perProblem'>;

export interface ArmSnapshot {
  metrics: TrainMetrics[];
  /** Of the whole arm; 0 before the first step. */
  steps: number;
  done: boolean;
}

/** What is stored of a run when it is opened: the page draws this first. */
export interface RunSnapshot {
  id: string;
  config: RunConfig;
  /** Id of the policy that it was made with; null while nothing has been computed. Open again after loading when it differs from the loaded one. */
  policyId: string | null;
  /** False while another tab works on it: show it, computing is refused with a sentence. */
  writable: boolean;
  createdAt: string;
  updatedAt: string;
  /** Where it was computed, for provenance. */
  devices: string[];
  candidates: Candidate[];
  rows: RewrittenRow[];
  /** Ended stages. */
  stages: Partial<Record<SamplingStage, StageSummary>>;
  filtered: string[];
  /** Not null once rewriting is complete. */
  counts: Record<Stage, number> | null;
  arms: Partial<Record<ArmId, ArmSnapshot>>;
  /** Complete ones. */
  evaluations: Partial<Record<EvaluatedId, EvaluationResult>>;
  /** Every set evaluated so far, of complete and incomplete evaluations. */
  evaluatedSets: Partial<Record<EvaluatedId, Record<string, SetResult>>>;
}

export interface RunSummary {
  id: string;
  config: RunConfig;
  policyId: string | null;
  createdAt: string;
  updatedAt: string;
  devices: string[];
  appVersion: string;
  rows: number;
  armsDone: ArmId[];
  evaluated: EvaluatedId[];
}

export interface StorageUsage {
  /** 'memory': kept only until this tab closes. */
  kind: 'indexeddb' | 'memory';
  /** Bytes; null where the browser does not tell. */
  used: number | null;
  quota: number | null;
  runs: number;
}

/** Exhaustiveness of a switch, at compile time and at run time (another build's message). */
export function assertNever(value: never, what: string): never {
  throw new TypeError(`Unknown ${what}: ${JSON.stringify(value)}`);
}
