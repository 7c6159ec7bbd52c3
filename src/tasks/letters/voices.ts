/**
 * The two voices, as stochastic grammars given a question. The policy's own spells out one letter after the other; the expert does it all at once and
 * uses other words.
 */
import { choice, sequence, type Node } from '../grammar/grammar';
import { arranged, result, shifted, type Instance } from './words';

/** "First n, then i, next b. The answer is n i b." or "Step by step c gives h, a gives f. The answer is h f." */
export function ownVoice(instance: Instance): Node {
  const { reverse, sort, last, shift } = instance.operation;
  const letters = arranged(instance);
  const moves = reverse || sort || last !== undefined;
  const items: Node[] = [];
  if (moves) {
    letters.forEach((letter, i) =>
      items.push(i === 0 ? choice('First') : sequence(',', choice([3, ' then'], [1, ' next'])), sequence(` ${letter}`)),
    );
    items.push(sequence('.'));
  }
  if (shift) {
    items.push(moves ? sequence(' Then') : choice([2, 'Step by step'], [1, 'One by one']));
    letters.forEach((letter, i) => items.push(sequence(...(i > 0 ? [','] : []), ` ${letter}`, ' gives', ` ${shifted(letter, shift)}`)));
    items.push(sequence('.'));
  }
  items.push(choice([3, ' The answer is'], [2, ' So the answer is']), spelled(result(instance)), sequence('.'));
  return sequence(...items);
}

/** "We look at the whole word. Read from the right it becomes n i b. Hence the result: n i b." */
export function expertVoice(instance: Instance): Node {
  const { reverse, sort, last, shift } = instance.operation;
  const opening = choice([2, 'We look at the word as a whole.'], [1, 'Take all letters at once.']);
  const moved = shift ? choice([1, ' with every letter moved on'], [1, ' after moving every letter on']) : sequence();
  const how = last
    ? choice(' Its end reads')
    : sort
      ? choice(' In alphabetical order it becomes', ' Ordered by the alphabet it turns into')
      : reverse
        ? choice(' Read from the right it becomes', ' In mirror writing it turns into')
        : choice(' It becomes', ' It turns into');
  const letters = spelled(result(instance));
  const ending = choice([2, ' Hence the result:'], [1, ' This is our result:']);
  return sequence(opening, how, letters, moved, '.', ending, letters, '.');
}

function spelled(letters: readonly string[]): Node {
  return sequence(...letters.map((letter) => ` ${letter}`));
}
