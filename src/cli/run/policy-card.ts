/** The model card that pre-training writes; `gap inspect --card` fills in what the policy can do. */
import { cpus } from 'node:os';
import type { LlamaConfig } from '../../policy/config';
import type { Phase, PolicyRecipe, World } from '../../tasks/world';
import { MEASURED } from './model-card';

export interface CardFacts {
  recipe: PolicyRecipe;
  world: World;
  phases: readonly Phase[];
  config: LlamaConfig;
  parameters: number;
  tokens: number;
  seconds: number;
  seed: number;
}

export function policyCard({ recipe, world, phases, config: c, parameters, tokens, seconds, seed }: CardFacts): string {
  const rows = phases.map(
    ({ corpus, steps, learningRate, schedule }, i) =>
      `| ${i + 1} | ${corpus} | ${steps} | ${learningRate} | ${schedule === 'cosine' ? 'cosine to 0' : 'constant'} |`,
  );
  return `---
license: apache-2.0
library_name: transformers.js
pipeline_tag: text-generation
---

# ${recipe.name}: ${recipe.description}

A decoder of the Llama family with ${parameters.toLocaleString('en')} parameters (${c.layers} layers, hidden size ${c.hiddenSize}, ${c.heads} attention heads sharing
${c.kvHeads} key-value heads, SwiGLU of ${c.intermediateSize}, tied embeddings, RoPE, context ${c.maxPositions}, vocabulary ${c.vocabSize}), stored in F16. It exists so that the method of this
project runs on a real policy in a browser. It knows nothing but the world “${world.id}”.

## Data

Everything comes from this project's seeded generators (\`src/tasks\`): no text by others. ${world.about}

## Training

    npm run -s gap -- pretrain --policy ${recipe.name}

| phase | corpus | steps | learning rate | schedule |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

Seed ${seed}; ${(tokens / 1e6).toFixed(2)} million tokens in all, phases shared with other policies included; AdamW β = (0.9, 0.95), weight decay 0.01 on matrices, clip 1.0; the loss is
on the response tokens. F32 on ${cpus().length} cores of “${cpus()[0]?.model ?? 'unknown'}”: ${(seconds / 60).toFixed(1)} minutes, beside other work. Other processors round
differently, so a repetition gives a policy of the same quality and not the same bits.

## Measured

${MEASURED.start}

${MEASURED.end}
`;
}
