/**
 * The two voices, as stochastic grammars given a question. The policy's own spells out one letter after the other; the expert does it all at once and
 * uses other words.
 */
import { choice, sequence, type Node } from '../grammar/grammar';
import { arranged, result, shifted, type Instance } from './words';

/** "First n, then i, next b. The answer is n i b." or "Here c gives h, a gives f. The answer is h f." */
export function ownVoice(instance: Instance): Node {
  const { reverse, sort, last, shift } = instance.operation;
  const letters = arranged(instance);
  const moves = reverse || sort || last !== undefined;
  const items: Node[] = [];
  if (moves) {
    letters.forEach((letter, i) =>
      items.push(i === 0 ? choice('First') : sequence(',', choice([4, ' then'], [1, ' next'])), sequence(` ${letter}`)),
    );
    items.push(sequence('.'));
  }
  if (shift) {
    items.push(moves ? sequence(' Then') : choice([2, 'Here'], [1, 'Now']));
    letters.forEach((letter, i) => items.push(sequence(...(i > 0 ? [','] : []), ` ${letter}`, ' gives', ` ${shifted(letter, shift)}`)));
    items.push(sequence('.'));
  }
  items.push(choice([3, ' The answer is'], [2, ' So the answer is']), spelled(result(instance)), sequence('.'));
  return sequence(...items);
}

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
