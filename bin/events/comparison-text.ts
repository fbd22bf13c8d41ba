/** A comparison of groups as tables for people. */
import type { Estimate } from './intervals.ts';
import type { Collected, Comparison, Difference, Measure } from './comparison.ts';
import { tableText } from './usage-table.ts';

const NAMES: Readonly<Record<Measure, string>> = {
  error_rate: 'errors',
  latency_p50_ms: 'p50 latency',
  latency_p95_ms: 'p95 latency',
  tokens_per_request: 'tokens a request',
  cost_usd_per_request: 'cost a request',
  block_rate: 'blocks',
  redaction_rate: 'redactions',
};

/** The figures, then a table of differences for each group but the baseline. */
export function comparisonText(
  { figures, differences }: Comparison,
  groups: readonly Collected[],
  { by, baseline }: { readonly by: string; readonly baseline: string },
): string {
  const requestsOf = new Map(groups.map(({ group, requests }) => [group, requests]));
  const shareOf = (count: number, group: string): string =>
    `${((100 * count) / (requestsOf.get(group) ?? count)).toFixed(1)} %`;
  const heads = [
    by,
    'requests',
    'errors',
    'p50 ms',
    'p95 ms',
    'tokens',
    'cost in USD',
    'blocks',
    'redactions',
  ];
  const rows = figures.map((row) => [
    printable(row.group),
    String(row.requests),
    shareOf(row.errors, row.group),
    row.latency_p50_ms?.toFixed(0) ?? '-',
    row.latency_p95_ms?.toFixed(0) ?? '-',
    String(row.tokens),
    row.cost_usd.toFixed(6),
    shareOf(row.blocks, row.group),
    shareOf(row.redactions, row.group),
    ...(by === 'variant' ? [String(row.answered_elsewhere)] : []),
  ]);
  const table = tableText([[...heads, ...(by === 'variant' ? ['answered elsewhere'] : [])], ...rows]);
  const others = figures.map(({ group }) => group).filter((group) => group !== baseline);
  const distances = others.map((group) => {
    const ofGroup = differences.filter((difference) => difference.group === group);
    return `\n${printable(group)} less ${printable(baseline)}, with 95 % confidence intervals\n${differenceTable(ofGroup)}`;
  });
  return table + distances.join('');
}

function differenceTable(differences: readonly Difference[]): string {
  return tableText(
    differences.map(({ measure, estimate }) => [
      `  ${NAMES[measure]}`,
      estimate === undefined ? '-' : signed(measure, estimate.value),
      rangeOf(measure, estimate),
      meaningOf(estimate),
    ]),
  );
}

function rangeOf(measure: Measure, estimate: Estimate | undefined): string {
  const interval = estimate?.interval;
  if (interval === undefined) return 'too few requests';
  return `${signed(measure, interval.low)} to ${signed(measure, interval.high)}`;
}

/** An interval around zero is no proof that there is no difference. */
function meaningOf(estimate: Estimate | undefined): string {
  const interval = estimate?.interval;
  if (interval === undefined) return '';
  if (interval.low > 0) return 'more';
  if (interval.high < 0) return 'less';
  return interval.low === interval.high ? 'same' : 'not clear';
}

function signed(measure: Measure, value: number): string {
  const sign = value > 0 ? '+' : '';
  if (measure.endsWith('_rate')) return `${sign}${(100 * value).toFixed(2)} points`;
  if (measure.endsWith('_ms')) return `${sign}${value.toFixed(0)} ms`;
  return measure === 'cost_usd_per_request' ? `${sign}${value.toFixed(6)} USD` : `${sign}${value.toFixed(1)}`;
}

/** Callers choose some of these names: no escape sequence of theirs reaches the terminal. */
function printable(text: string): string {
  return text.replaceAll(/\p{C}/gu, '\ufffd');
}
