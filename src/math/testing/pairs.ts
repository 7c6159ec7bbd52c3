export interface Pair {
  gold: string;
  prediction: string;
  equal: boolean;
}

/** The lines of a table of pairs: `gold ≡ prediction` or `gold ≢ prediction`; blank lines are skipped. */
export function pairsOf(table: string): Pair[] {
  return table
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const match = /^(.*) ([≡≢]) (.*)$/.exec(line);
      if (!match) throw new Error(`No pair: ${line}`);
      return { gold: match[1]!, prediction: match[3]!, equal: match[2] === '≡' };
    });
}
