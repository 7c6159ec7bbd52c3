/** How other trainers read the data set. Their settings are those that TRL and verl document; versions change, so their manuals come first. */
import type { DatasetProvenance } from './dataset';

export function recipe(fileName: string, { source, policy, seed }: Pick<DatasetProvenance, 'source' | 'policy' | 'seed'>): string {
  const loader = fileName.endsWith('.parquet') ? 'parquet' : fileName.endsWith('.csv') ? 'csv' : 'json';
  return `# Training on ${fileName}

One row per problem: \`messages\` is the conversation to train on, the plain problem and the response that the rewriting kept. The other columns
(\`stage\`, \`gold\`, \`logProbs\`, \`provenance\`, …) are for looking, not for training. ${
    source === 'sampled here'
      ? `The responses fit the policy that wrote them (${policy ?? 'its id is not known'}, seed ${seed}); another policy should rewrite for itself.`
      : `The candidates were made elsewhere and only graded and chosen here (seed ${seed}): train the policy that made them.`
  }

## TRL

DR+DFT is \`loss_type="dft"\`; leave it out for DR+SFT. On \`messages\` alone TRL takes the loss over the whole conversation; as prompt and completion
it takes it over the response only, as the paper does.

\`\`\`python
from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

rows = load_dataset("${loader}", data_files="${fileName}", split="train")
${loader === 'csv' ? 'import json\nrows = rows.map(lambda row: {"messages": json.loads(row["messages"])})\n' : ''}rows = rows.map(
    lambda row: {"prompt": row["messages"][:-1], "completion": row["messages"][-1:]},
    remove_columns=rows.column_names,
)
trainer = SFTTrainer(
    model="…",  # the policy that the responses were rewritten by
    train_dataset=rows,
    args=SFTConfig(
        loss_type="dft",
        learning_rate=2e-5,
        adam_beta1=0.9,
        adam_beta2=0.95,
        weight_decay=0.01,
        max_grad_norm=1.0,
        lr_scheduler_type="cosine",
        num_train_epochs=1,
        max_length=2048,
    ),
)
trainer.train()
\`\`\`

The paper warms up over the first tenth of the steps; how that is set differs between versions of Transformers.

## verl

Its SFT trainer reads the Parquet file through the column \`messages\`. Its \`sft_trainer.yaml\` names no DFT loss, so as it stands this is DR+SFT; versions
rename some of these settings.

\`\`\`sh
torchrun --standalone --nproc_per_node=8 -m verl.trainer.fsdp_sft_trainer \\
  data.train_files=${fileName.replace(/\.\w+$/, '.parquet')} data.val_files=… \\
  data.multiturn.enable=true data.multiturn.messages_key=messages \\
  data.max_length=2048 data.train_batch_size=256 \\
  model.partial_pretrain=… optim.lr=5e-5 trainer.total_epochs=1
\`\`\`
`;
}
