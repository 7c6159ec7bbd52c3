/**
 * A small stochastic grammar over tokens. A node is a terminal (a piece of text and its token ids), a sequence, or a weighted choice.
 * Two operations: draw a text, and give the exact log-probability of each token of a given text.
 *
 * The probability of a token is p(y_t | y_<t) = Σ_{derivations consistent with y_≤t} / Σ_{derivations consistent with y_<t}: a forward
 * filter over what may still follow, so a text that several derivations produce gets their sum.
 */
import type { Random } from '../../policy/random';

export type Node =
  | { readonly kind: 'terminal'; readonly text: string }
  | { readonly kind: 'sequence'; readonly items: readonly Node[] }
  | { readonly kind: 'choice'; readonly options: readonly Node[]; readonly probabilities: readonly number[] };

/** A piece of text. Pieces are tokenised on their own, so each must begin where the tokenizer's pre-tokens begin. */
export const text = (piece: string): Node => ({ kind: 'terminal', text: piece });

export const sequence = (...items: (Node | string)[]): Node => ({
  kind: 'sequence',
  items: items.map((item) => (typeof item === 'string' ? text(item) : item)),
});

/** One of the options, with probability proportional to its weight. Weights must be positive. */
export function choice(...options: (Node | string | [weight: number, option: Node | string])[]): Node {
  const weighted = options.map((o): [number, Node | string] => (Array.isArray(o) ? o : [1, o]));
  const total = weighted.reduce((sum, [weight]) => sum + weight, 0);
  if (weighted.length === 0 || weighted.some(([weight]) => !(weight > 0 && Number.isFinite(weight))))
    throw new RangeError('choice: needs at least one option, and every weight must be positive and finite');
  return {
    kind: 'choice',
    options: weighted.map(([, option]) => (typeof option === 'string' ? text(option) : option)),
    probabilities: weighted.map(([weight]) => weight / total),
  };
}

/** Draws one text. */
export function sample(node: Node, random: Random): string {
  switch (node.kind) {
    case 'terminal':
      return node.text;
    case 'sequence': {
      let out = '';
      for (const item of node.items) out += sample(item, random);
      return out;
    }
    case 'choice': {
      let u = random.next();
      for (let i = 0; i < node.options.length - 1; i++) {
        u -= node.probabilities[i]!;
        if (u < 0) return sample(node.options[i]!, random);
      }
      return sample(node.options[node.options.length - 1]!, random);
    }
  }
}

/** Every text with its probability, ambiguous derivations summed. For tests and small grammars: cost grows with the language. */
export function enumerate(node: Node): Map<string, number> {
  switch (node.kind) {
    case 'terminal':
      return new Map([[node.text, 1]]);
    case 'sequence': {
      let all = new Map([['', 1]]);
      for (const item of node.items) {
        const next = new Map<string, number>();
        for (const [head, p] of all) for (const [tail, q] of enumerate(item)) next.set(head + tail, (next.get(head + tail) ?? 0) + p * q);
        all = next;
      }
      return all;
    }
    case 'choice': {
      const all = new Map<string, number>();
      node.options.forEach((option, i) => {
        for (const [t, p] of enumerate(option)) all.set(t, (all.get(t) ?? 0) + p * node.probabilities[i]!);
      });
      return all;
    }
  }
}

/** What is still to be produced: a node (from its item `at` on, if it is a sequence), then the rest. Interned, so equal ones merge. */
interface Continuation {
  readonly id: number;
  readonly node: Node;
  readonly at: number;
  readonly rest: Continuation | null;
}

/** Stands at token `at` of a terminal. */
interface Waiting {
  readonly ids: Int32Array;
  readonly at: number;
  readonly rest: Continuation | null;
  mass: number;
}

/**
 * Exact log p(y_t | y_<t) of each token of `ids` under the grammar, end-of-sequence included; −Infinity from the first impossible token
 * on. A proper prefix of a text is allowed.
 *
 * @param encode token ids of a terminal's text
 * @param eosId possible wherever a derivation is complete, and then last
 */
export function tokenLogProbs(node: Node, ids: ArrayLike<number>, encode: (piece: string) => Int32Array, eosId: number): Float64Array {
  const nodeIds = new Map<Node, number>();
  const interned = new Map<string, Continuation>();
  const intern = (n: Node, at: number, rest: Continuation | null): Continuation => {
    let nodeId = nodeIds.get(n);
    if (nodeId === undefined) nodeIds.set(n, (nodeId = nodeIds.size));
    const key = `${nodeId},${at},${rest?.id ?? -1}`;
    let c = interned.get(key);
    if (!c) interned.set(key, (c = { id: interned.size, node: n, at, rest }));
    return c;
  };

  let waiting = new Map<string, Waiting>();
  let finished = 0;
  /** Walks down to the next terminals, splitting mass at choices. */
  const expand = (c: Continuation | null, mass: number, into: Map<string, Waiting>): void => {
    if (!c) {
      finished += mass;
      return;
    }
    const { node: n, at, rest } = c;
    if (n.kind === 'choice') {
      n.options.forEach((option, i) => expand(intern(option, 0, rest), mass * n.probabilities[i]!, into));
    } else if (n.kind === 'sequence') {
      if (at === n.items.length) expand(rest, mass, into);
      else expand(intern(n.items[at]!, 0, at + 1 === n.items.length ? rest : intern(n, at + 1, rest)), mass, into);
    } else {
      const pieceIds = encode(n.text);
      if (pieceIds.length === 0) expand(rest, mass, into);
      else wait(into, `${c.id}:0`, pieceIds, 0, rest, mass);
    }
  };
  const wait = (
    into: Map<string, Waiting>,
    key: string,
    pieceIds: Int32Array,
    at: number,
    rest: Continuation | null,
    mass: number,
  ): void => {
    const same = into.get(key);
    if (same) same.mass += mass;
    else into.set(key, { ids: pieceIds, at, rest, mass });
  };

  expand(intern(node, 0, null), 1, waiting);
  const logProbs = new Float64Array(ids.length).fill(-Infinity);
  for (let t = 0; t < ids.length; t++) {
    let before = finished;
    let after = ids[t] === eosId ? finished : 0;
    for (const w of waiting.values()) {
      before += w.mass;
      if (w.ids[w.at] === ids[t]) after += w.mass;
    }
    if (after === 0) break;
    // A certain token's two sums may differ in the last bit.
    logProbs[t] = Math.min(0, Math.log(after / before));
    if (ids[t] === eosId) break;
    finished = 0;
    const next = new Map<string, Waiting>();
    for (const [key, w] of waiting) {
      if (w.ids[w.at] !== ids[t]) continue;
      // Masses are renormalised at each token, so that a long text does not underflow.
      const mass = w.mass / after;
      if (w.at + 1 === w.ids.length) expand(w.rest, mass, next);
      else wait(next, `${key.slice(0, key.indexOf(':'))}:${w.at + 1}`, w.ids, w.at + 1, w.rest, mass);
    }
    waiting = next;
  }
  return logProbs;
}
