/** The README.md that goes with an exported policy: what it is, how it was made, how it is loaded. */
import type { EvaluationResult, TrainConfig, TrainMetrics } from '../types';

export interface ModelCardFacts {
  /** Name of the archive's folder. */
  name: string;
  /** Name and content id of the policy that training started from; of this policy itself when it was not trained. */
  base: { name: string; id: string };
  parameters: number;
  /** Absent for the starting policy. */
  training?: { arm: string; description: string; config: TrainConfig; last: TrainMetrics | null; rewriting: string };
  evaluation?: EvaluationResult;
  devices: readonly string[];
  app: string;
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
const table = (head: readonly string[], rows: readonly (readonly (string | number)[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

export function modelCard({ name, base, parameters, training, evaluation, devices, app }: ModelCardFacts): string {
  const paragraphs = [
    '---\nlibrary_name: transformers\npipeline_tag: text-generation\n---',
    `# ${name}`,
    training
      ? `${base.name} (${base.id}), ${parameters.toLocaleString('en')} parameters, fine-tuned as the arm ${training.arm}: ${training.description}`
      : `${base.name} (${base.id}), ${parameters.toLocaleString('en')} parameters, as it was before any fine-tuning.`,
  ];
  if (training) {
    const { config, last, rewriting } = training;
    paragraphs.push(
      '## Training',
      rewriting,
      table(
        ['setting', 'value'],
        [
          ['objective', [config.objective.id, JSON.stringify(config.objective.params ?? {})].join(' ')],
          ['learning rate', config.learningRate],
          ['warm-up', percent(config.warmup)],
          ['epochs', config.epochs],
          ['batch size', config.batchSize],
          ['AdamW β, weight decay', `${config.beta1}, ${config.beta2}, ${config.weightDecay}`],
          ['clip by global norm', config.clipNorm],
          ['longest example in tokens', config.maxLength],
          ['seed', config.seed],
        ],
      ),
    );
    if (last)
      paragraphs.push(
        `After step ${last.step} of ${last.steps}: NLL ${last.nll.toFixed(4)} and entropy ${last.entropy.toFixed(4)} nats per token of the last batch.`,
      );
  }
  if (evaluation) {
    const sets = Object.entries(evaluation.sets);
    paragraphs.push(
      '## Evaluation',
      `Mean accuracy at temperature 1 over repeated runs, with 95 % bootstrap intervals over problems.`,
      table(
        ['set', 'accuracy', '95 % interval', 'problems', 'runs'],
        [
          ...sets.map(([set, s]) => [set, percent(s.accuracy), s.ci95.map(percent).join(' to '), s.problems, s.runs]),
          ['average', percent(evaluation.average), evaluation.averageCi95.map(percent).join(' to '), '', ''],
        ],
      ),
    );
  }
  paragraphs.push(
    '## Loading',
    `Unpack the archive, then in Python:\n\n\`\`\`python\nfrom transformers import AutoModelForCausalLM, AutoTokenizer\n\nmodel = AutoModelForCausalLM.from_pretrained("${name}")\ntokenizer = AutoTokenizer.from_pretrained("${name}")\n\`\`\``,
    `Written by ${app}${devices.length > 0 ? `; computed on ${devices.join('; ')}` : ''}.`,
  );
  return `${paragraphs.join('\n\n')}\n`;
}
