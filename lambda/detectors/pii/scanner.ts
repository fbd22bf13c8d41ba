/** Joins the scanners that a configuration asks for into one. */
import type { Finding, Scanner } from './finding.ts';

interface Ranked {
  readonly finding: Finding;
  readonly rank: number;
}

/**
 * One scanner alone is itself. Several report in the order of starts, as far as all of them have decided; at
 * the same start what goes on comes first, then the scanner that is named first.
 */
export function joinScanners(scanners: readonly Scanner[]): Scanner {
  const [only] = scanners;
  if (only !== undefined && scanners.length === 1) return only;
  const waiting: Ranked[] = [];
  return {
    scan(text, base, atEnd, found) {
      let safe = base + text.length;
      for (const [rank, scanner] of scanners.entries()) {
        const own: Finding[] = [];
        safe = Math.min(safe, scanner.scan(text, base, atEnd, own));
        for (const finding of own) waiting.push({ finding, rank });
      }
      waiting.sort(byStart);
      const undecided = atEnd ? -1 : waiting.findIndex(({ finding }) => finding.start >= safe);
      const decided = waiting.splice(0, undecided < 0 ? waiting.length : undecided);
      for (const { finding } of decided) found.push(finding);
      return safe;
    },
  };
}

const goesOn = ({ finding }: Ranked): number => (finding.more === true ? 0 : 1);

const byStart = (a: Ranked, b: Ranked): number =>
  a.finding.start - b.finding.start || goesOn(a) - goesOn(b) || a.rank - b.rank;
