/** Transformers.js as its users sample: `generate` on our exported onnx/model.onnx, in batches. The same code in Node and in a worker. */
import { AutoModelForCausalLM, env, Tensor, type PreTrainedModel } from '@huggingface/transformers';

export interface GenerateJob {
  prompts: number[][];
  k: number;
  batch: number;
  maxNewTokens: number;
}
export interface GenerateRun {
  tokens: number;
  answers: number;
  seconds: number;
}

/** Loads the policy folder `name` below `models` (a folder or an address); never the network. */
export async function loadModel(models: string, name: string, device: 'cpu' | 'wasm', threads: number): Promise<PreTrainedModel> {
  env.allowRemoteModels = false;
  env.allowLocalModels = true;
  env.localModelPath = models;
  env.useFSCache = false;
  env.useBrowserCache = false;
  env.useWasmCache = false;
  // In the browser the number of threads is the runtime's, set before it loads.
  const session_options = device === 'cpu' ? { intraOpNumThreads: threads, interOpNumThreads: 1 } : {};
  return AutoModelForCausalLM.from_pretrained(name, { device, dtype: 'fp32', session_options });
}

/**
 * k answers to each prompt. `generate` has no number of answers, so a prompt is repeated; rows that share a batch are neighbours in length,
 * padded on the left. A batch runs until its last row has ended; what a row makes after its EOS is not counted.
 */
export async function generate(model: PreTrainedModel, { prompts, k, batch, maxNewTokens }: GenerateJob): Promise<GenerateRun> {
  const { eos_token_id: eos, pad_token_id: pad } = model.generation_config as { eos_token_id: number; pad_token_id: number };
  const rows = [...prompts].sort((a, b) => a.length - b.length).flatMap((p) => new Array<number[]>(k).fill(p));
  const run = { tokens: 0, answers: 0, seconds: 0 };
  const started = performance.now();
  for (let at = 0; at < rows.length; at += batch) {
    const part = rows.slice(at, at + batch);
    const length = Math.max(...part.map((r) => r.length));
    const int64 = (value: (row: number[], column: number) => number): Tensor => {
      const data = BigInt64Array.from({ length: part.length * length }, (_, i) => {
        const row = part[Math.floor(i / length)]!;
        return BigInt(value(row, (i % length) - (length - row.length)));
      });
      return new Tensor('int64', data, [part.length, length]);
    };
    const output = (await model.generate({
      input_ids: int64((row, i) => (i < 0 ? pad : row[i]!)),
      attention_mask: int64((_, i) => (i < 0 ? 0 : 1)),
      do_sample: true,
      temperature: 1,
      top_k: 0,
      max_new_tokens: maxNewTokens,
    })) as Tensor;
    for (const row of output.tolist() as bigint[][]) {
      const answer = row.slice(length).map(Number);
      const end = answer.indexOf(eos);
      run.tokens += end === -1 ? answer.length : end + 1;
      run.answers++;
    }
  }
  run.seconds = (performance.now() - started) / 1000;
  return run;
}
