import { render } from 'svelte/server';
import { describe, expect, it } from 'vitest';
import { bindDefinition, OBJECTIVES, type ObjectiveDefinition } from '../../method/objectives';
import Objective from '../parts/Objective.svelte';
import ObjectiveParams from '../parts/ObjectiveParams.svelte';
import { paramProblem, SHOWN_OBJECTIVES } from './objectives';

const focal: ObjectiveDefinition = {
  ...OBJECTIVES.dft!,
  id: 'focal',
  name: 'Focal',
  params: {
    gamma: { name: 'γ', description: 'exponent of the weight', default: 2, min: 0, max: 5 },
    floor: { name: 'Floor', description: 'smallest weight', default: 0.1, min: 0.01, max: 1 },
  },
};

describe('the shown objectives', () => {
  it('are all of the registry, each with the code of the file of its id', () => {
    expect(SHOWN_OBJECTIVES.map(({ definition }) => definition)).toEqual(Object.values(OBJECTIVES));
    for (const { definition, code } of SHOWN_OBJECTIVES) expect(code).toContain(`id: '${definition.id}'`);
  });

  it('have the loss as it runs and none of the texts in their code', () => {
    const { definition, code } = SHOWN_OBJECTIVES.find((one) => one.definition.id === 'dft')!;
    expect(code).toContain('neg(mul(stopGradient(exp(logp)), logp))');
    expect(code).not.toMatch(/import|formula|description|reference/);
    const shown = render(Objective, { props: { definition, code } }).body;
    for (const text of [definition.name, definition.formula, definition.description, definition.reference]) expect(shown).toContain(text);
  });
});

describe('the controls of parameters', () => {
  const draw = (definition: ObjectiveDefinition, values: Record<string, number>) =>
    render(ObjectiveParams, { props: { definition, values, onset: () => undefined } }).body;

  it('are one for each that is declared, with its range, default and description', () => {
    const html = draw(focal, { gamma: 3 });
    expect(html.match(/<input /g)).toHaveLength(2);
    const gamma = /<input[^>]*data-testid="param-focal-gamma"[^>]*>/.exec(html)![0];
    expect(gamma).toMatch(/min="0".*max="5".*value="3"/);
    expect(/<input[^>]*data-testid="param-focal-floor"[^>]*>/.exec(html)![0]).toMatch(/min="0.01".*max="1".*value="0.1"/);
    expect(html).toContain('Parameters of Focal');
    expect(html).toContain('γ</label>');
    expect(html).toContain('exponent of the weight; from 0 to 5, by default 2');
  });

  it('are absent where nothing is declared', () => {
    expect(draw(OBJECTIVES.sft!, {})).not.toMatch(/fieldset|input/);
  });

  it('refuse what the objective would refuse', () => {
    const { gamma } = focal.params;
    for (const value of [-1, 0, 2.5, 5, 5.1, NaN, Infinity]) {
      const bind = () => bindDefinition(focal, { gamma: value });
      if (paramProblem(gamma!, value) === null) expect(bind).not.toThrow();
      else expect(bind).toThrow(RangeError);
    }
    expect(paramProblem(gamma!, NaN)).toBe('Enter a number from 0 to 5.');
    expect(paramProblem(gamma!, 6)).toBe('Must be from 0 to 5.');
  });
});
