/** Adds up events by what a person asks for, and shows the sums as a table. */
import type { ChainedEvent } from '../../lambda/audit/decision-event.ts';

/** What events are grouped by. */
export const GROUPINGS = {
  target: (event) => event.target_id,
  model: (event) => event.model,
  team: (event) => event.team_id,
  day: (event) => event.timestamp.slice(0, 10),
} as const satisfies Record<string, (event: ChainedEvent) => string | null>;

export type Grouping = keyof typeof GROUPINGS;

/** The sums of one group. */
export interface Usage {
  /** Null where the events name none. */
  readonly group: string | null;
  readonly requests: number;
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly cached_tokens: number;
  readonly reasoning_tokens: number;
  readonly cost_usd: number;
}

/** Sums by group, the dearest first; days in their order. */
export async function addUp(events: AsyncIterable<ChainedEvent>, by: Grouping): Promise<readonly Usage[]> {
  const groups = new Map<string | null, Usage>();
  for await (const event of events) {
    const group = GROUPINGS[by](event);
    groups.set(group, plus(groups.get(group) ?? nothing(group), event));
  }
  const sums = [...groups.values()].map((usage) => ({ ...usage, cost_usd: tidy(usage.cost_usd) }));
  if (by === 'day') return sums.toSorted((a, b) => ((a.group ?? '') < (b.group ?? '') ? -1 : 1));
  return sums.toSorted((a, b) => b.cost_usd - a.cost_usd || b.requests - a.requests);
}

/** Rows under their heads; the first column to the left, numbers to the right. */
export function tableText(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) =>
        column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  '),
  );
  return lines.map((line) => `${line}\n`).join('');
}

function nothing(group: string | null): Usage {
  const tokens = { input_tokens: 0, output_tokens: 0, cached_tokens: 0, reasoning_tokens: 0 };
  return { group, requests: 0, ...tokens, cost_usd: 0 };
}

function plus(sum: Usage, event: ChainedEvent): Usage {
  return {
    group: sum.group,
    requests: sum.requests + 1,
    input_tokens: sum.input_tokens + event.input_tokens,
    output_tokens: sum.output_tokens + event.output_tokens,
    cached_tokens: sum.cached_tokens + event.cached_tokens,
    reasoning_tokens: sum.reasoning_tokens + event.reasoning_tokens,
    cost_usd: sum.cost_usd + event.cost_usd,
  };
}

/** To a millionth of a micro-dollar, as events have it. */
function tidy(usd: number): number {
  return Number(usd.toFixed(12));
}
