/**
 * The cells of the page in order: numbers, headings, the rail and every "section N" follow from this list. Adding one is one file, whose
 * markup is one `<Cell id="…">`, and one line here.
 */
import type { Component } from 'svelte';
import { defineSections, type SectionTexts } from '../lib/sections';
import Elsewhere from './Elsewhere.svelte';
import Evaluation from './Evaluation.svelte';
import Gap from './Gap.svelte';
import Grader from './Grader.svelte';
import LogProbs from './LogProbs.svelte';
import Method from './Method.svelte';
import Policy from './Policy.svelte';
import Problems from './Problems.svelte';
import Rewriting from './Rewriting.svelte';
import Training from './Training.svelte';
import Weights from './Weights.svelte';

interface CellDefinition extends SectionTexts {
  component: Component;
}

export const CELLS = [
  { id: 'gap', title: 'The policy gap', short: 'The gap', component: Gap },
  { id: 'method', title: 'The method', short: 'The method', component: Method },
  { id: 'policy', title: 'The policy on this device', short: 'Policy and device', component: Policy },
  { id: 'problems', title: 'The problems, in two voices', short: 'Problems', component: Problems },
  { id: 'rewriting', title: 'Rewriting the data', short: 'Rewriting', component: Rewriting },
  { id: 'logprobs', title: 'How likely is the data now?', short: 'Log-probs', component: LogProbs },
  { id: 'weights', title: 'Importance weights', short: 'Weights', component: Weights },
  { id: 'elsewhere', title: 'Candidates made elsewhere', short: 'Made elsewhere', component: Elsewhere },
  { id: 'training', title: 'Training the arms', short: 'Training', component: Training },
  { id: 'evaluation', title: 'Evaluation', short: 'Evaluation', component: Evaluation },
  { id: 'grader', title: 'Is this answer right?', short: 'The grader', component: Grader },
] as const satisfies readonly CellDefinition[];

export type CellId = (typeof CELLS)[number]['id'];

defineSections(CELLS);
