/** Tells which policies act on which routes, and where one can't act (E006). */
import type { ChainEntry } from '../../lambda/config/gateway-config.ts';
import type { Problem } from '../../lambda/config/problem.ts';
import { type Coverage, coverageOf } from '../../lambda/policies/coverage.ts';

/** A warning for each entry that no request can ever meet. */
export function coverageProblems(chain: readonly ChainEntry[]): readonly Problem[] {
  const rows = coverageOf(chain).filter(({ kind }) => kind !== 'audit-logger');
  return chain.flatMap((entry, index): readonly Problem[] => {
    const own = rows.filter((row) => row.index === index);
    if (own.length === 0 || own.some((row) => row.applies && (row.input || row.output))) return [];
    return [
      {
        code: 'E006',
        severity: 'warning',
        path: `policies.chain[${index}]`,
        message: `${entry.kind} acts on no route: its conditions hold on none that it can judge`,
        ...(entry.when?.path !== undefined && { seen: `when.path ${JSON.stringify(entry.when.path)}` }),
        allowed: own.map(({ path }) => path).join(', '),
        suggestion: 'mend when.path, or take the entry out of the chain',
      },
    ];
  });
}

/** The matrix of policies and routes as lines of text. */
export function formatCoverage(rows: readonly Coverage[]): string {
  const routes = [...new Set(rows.map(({ path }) => path))];
  const table = [['coverage', ...routes]];
  for (const index of new Set(rows.map((row) => row.index))) {
    const own = rows.filter((row) => row.index === index);
    table.push([own[0]?.kind ?? '', ...own.map(cell)]);
  }
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = table.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return [...lines, LEGEND].join('\n');
}

const LEGEND =
  'in: requests; out: answers, whole and streamed alike; event: each call leaves one; -: not judged there';

function cell({ kind, applies, input, output, stream }: Coverage): string {
  if (!applies) return 'not reached';
  if (kind === 'audit-logger') return 'event';
  const parts = [input ? 'in' : '', output ? `out${stream === 'buffered' ? ' (buffered)' : ''}` : ''];
  return parts.filter((part) => part !== '').join('+') || '-';
}
