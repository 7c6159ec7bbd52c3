const DELIMITERS = [',', '\t', ';', '|'];

/** The separator that the first line has most of, outside quotes; a .tsv file's is the tab. */
export function guessDelimiter(text: string, name: string): string {
  const line = text
    .slice(0, 1 << 16)
    .replace(/"(?:[^"]|"")*"/g, '')
    .split('\n', 1)[0]!;
  const counts = DELIMITERS.map((delimiter) => line.split(delimiter).length - 1);
  const tab = /\.tsv$/i.test(name) && counts[1]! > 0;
  const most = Math.max(...counts);
  return tab ? '\t' : most === 0 ? ',' : DELIMITERS[counts.indexOf(most)]!;
}
