/** The expert's voice, as a stochastic grammar given a question: it does all at once and uses other words than the own voice (`hands.ts`). */
import { choice, sequence, type Node } from '../grammar/grammar';
import { result, type Instance } from './words';

/** "As a whole from the right it becomes n i b. Hence the result: n i b." */
export function expertVoice(instance: Instance): Node {
  const { reverse, sort, last } = instance.operation;
  const opening = choice([2, 'As a whole'], [1, 'All at once']);
  const how = last
    ? choice(' its end reads')
    : sort
      ? choice(' ordered it becomes', ' in order it turns into')
      : reverse
        ? choice(' from the right it becomes', ' mirrored it turns into')
        : choice(' it becomes', ' it turns into');
  const letters = spelled(result(instance));
  const ending = choice([2, ' Hence the result:'], [1, ' So our result:']);
  return sequence(opening, how, letters, '.', ending, letters, '.');
}

function spelled(letters: readonly string[]): Node {
  return sequence(...letters.map((letter) => ` ${letter}`));
}
