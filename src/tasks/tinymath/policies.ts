/**
 * The bundled policies as phases of training. One trunk on flawless text, from which three policies branch off early, in time and late; each then
 * comes to rest on flawless text and reads the hands last, as later training on a mixed web corpus does to a skilled model.
 */
import type { Phase, PolicyRecipe } from '../world';

const trunk = (steps: number, warmup = 0): Phase => ({ corpus: 'clean', steps, learningRate: 2e-3, warmup, schedule: 'constant' });
const REST: Phase = { corpus: 'clean', steps: 800, learningRate: 2e-3, warmup: 0, schedule: 'cosine' };
const HANDS: Phase = { corpus: 'hands', steps: 1400, learningRate: 1e-3, warmup: 30, schedule: 'cosine' };
const ASSISTANT: Phase = { corpus: 'assistant', steps: 600, learningRate: 6e-4, warmup: 20, schedule: 'cosine' };

const EARLY = [trunk(1200, 100)];
const IN_TIME = [...EARLY, trunk(3200), trunk(2600)];
const LATE = [...IN_TIME, trunk(2600)];

export const POLICIES: readonly PolicyRecipe[] = [
  { name: 'base', description: 'read careful and careless authors; the default', phases: [...IN_TIME, REST, HANDS] },
  { name: 'instruct', description: 'base, taught an assistant’s voice and more retelling', phases: [...IN_TIME, REST, HANDS, ASSISTANT] },
  { name: 'weak', description: 'a weak prior: little flawless text before the hands', phases: [...EARLY, trunk(400), REST, HANDS] },
  { name: 'strong', description: 'a strong prior: more flawless text before the hands', phases: [...LATE, REST, HANDS] },
];
