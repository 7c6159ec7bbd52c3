/** The claims as intervals beside a line at zero, a group for each unit. */
import type { Claim } from '../../method/claims/claims';

const ROW = 18;
const LABEL = 520;
const WIDTH = 360;
const COLOUR = { holds: '#0f7a84', fails: '#b3261e', undecided: '#6b6b6b' } as const;

const escape = (text: string): string => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]!);

export function claimsDrawing(claims: readonly Claim[]): string {
  const parts: string[] = [];
  let y = 30;
  for (const unit of new Set(claims.map((claim) => claim.unit))) {
    const own = claims.filter((claim) => claim.unit === unit && claim.ci95.every(Number.isFinite));
    if (own.length === 0) continue;
    const reach = Math.max(...own.flatMap(({ ci95 }) => ci95.map(Math.abs)));
    const x = (value: number): number => LABEL + WIDTH / 2 + (value / reach) * (WIDTH / 2 - 8);
    parts.push(`<text x="8" y="${y}" font-weight="600">${escape(unit)}, ± ${reach.toPrecision(2)}</text>`);
    const top = y + 6;
    for (const { policy, gap, statement, mean, ci95, verdict } of own) {
      y += ROW;
      const colour = COLOUR[verdict];
      parts.push(
        `<text x="${LABEL - 8}" y="${y + 4}" text-anchor="end">${escape(`${policy}${gap === 'large' ? '' : `, ${gap}`}: ${statement}`)}</text>`,
        `<line x1="${x(ci95[0]).toFixed(1)}" x2="${x(ci95[1]).toFixed(1)}" y1="${y}" y2="${y}" stroke="${colour}" stroke-width="2"/>`,
        `<circle cx="${x(mean).toFixed(1)}" cy="${y}" r="3.5" fill="${colour}"/>`,
        `<text x="${LABEL + WIDTH + 6}" y="${y + 4}" fill="${colour}">${verdict}</text>`,
      );
    }
    parts.push(`<line x1="${x(0)}" x2="${x(0)}" y1="${top}" y2="${y + 8}" stroke="#999" stroke-dasharray="2 3"/>`);
    y += 2 * ROW;
  }
  const width = LABEL + WIDTH + 80;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" font-family="system-ui, sans-serif" font-size="11">\n${parts.join('\n')}\n</svg>\n`;
}
