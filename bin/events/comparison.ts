/** Compares groups of events: what each amounts to, and how far each is from the baseline. */
import type { ChainedEvent } from '../../lambda/audit/decision-event.ts';
import {
  differenceOf,
  meanDifferenceOf,
  NO_MOMENTS,
  quantileOf,
  rateOf,
  withObservation,
  type Estimate,
  type Moments,
} from './intervals.ts';

/** What groups are made by. */
export const COMPARED = {
  variant: (event) => event.variant,
  target: (event) => event.target_id,
  model: (event) => event.model,
} as const satisfies Record<string, (event: ChainedEvent) => string | null>;

export type Compared = keyof typeof COMPARED;

/** What is added up of one group while events are read. */
export interface Collected {
  readonly group: string;
  readonly requests: number;
  readonly errors: number;
  readonly blocks: number;
  readonly redactions: number;
  /** Requests of a variant that another target answered. */
  readonly answeredElsewhere: number;
  /** Of answered requests, milliseconds; in the order of reading. */
  readonly latencies: number[];
  readonly tokens: Moments;
  readonly costUsd: Moments;
}

/** What is compared, in the order in which it is shown. */
export const MEASURES = [
  'error_rate',
  'latency_p50_ms',
  'latency_p95_ms',
  'tokens_per_request',
  'cost_usd_per_request',
  'block_rate',
  'redaction_rate',
] as const;

export type Measure = (typeof MEASURES)[number];

/** A group's distance from the baseline. */
export interface Difference {
  readonly group: string;
  readonly measure: Measure;
  /** Undefined where one of the two has no observation. */
  readonly estimate: Estimate | undefined;
}

export interface Gathered {
  /** The one with most requests first. */
  readonly groups: readonly Collected[];
  /** Events that name no group. */
  readonly left: number;
}

/** Reads all events of the groups. */
export async function gather(
  events: AsyncIterable<ChainedEvent>,
  by: Compared,
  isWanted: (event: ChainedEvent) => boolean,
): Promise<Gathered> {
  const groups = new Map<string, Collected>();
  let left = 0;
  for await (const event of events) {
    if (!isWanted(event)) continue;
    const group = COMPARED[by](event);
    if (group === null) left += 1;
    else groups.set(group, withEvent(groups.get(group) ?? nothing(group), event));
  }
  return { groups: [...groups.values()].toSorted((a, b) => b.requests - a.requests), left };
}

function nothing(group: string): Collected {
  return {
    group,
    requests: 0,
    errors: 0,
    blocks: 0,
    redactions: 0,
    answeredElsewhere: 0,
    latencies: [],
    tokens: NO_MOMENTS,
    costUsd: NO_MOMENTS,
  };
}

function withEvent(sum: Collected, event: ChainedEvent): Collected {
  const { verdict, variant, target_id: target } = event;
  const one = (holds: boolean): number => (holds ? 1 : 0);
  if (isAnswered(event)) sum.latencies.push(event.latency_total_ms);
  return {
    group: sum.group,
    requests: sum.requests + 1,
    errors: sum.errors + one(verdict === 'error' && !event.client_closed),
    blocks: sum.blocks + one(verdict === 'block'),
    redactions: sum.redactions + one(verdict === 'redact'),
    answeredElsewhere: sum.answeredElsewhere + one(variant !== null && target !== null && target !== variant),
    latencies: sum.latencies,
    tokens: withObservation(sum.tokens, event.total_tokens),
    costUsd: withObservation(sum.costUsd, event.cost_usd),
  };
}

/** How long a refusal or a failure takes, or until a caller leaves, says nothing about answers. */
function isAnswered({ verdict, http_status: status, client_closed: left }: ChainedEvent): boolean {
  return status < 400 && verdict !== 'error' && verdict !== 'block' && !left;
}

/** Estimates of one group; means are compared by their moments instead. */
function estimatesOf({ requests, errors, blocks, redactions, latencies }: Collected) {
  const sorted = Float64Array.from(latencies).sort();
  return {
    error_rate: rateOf(errors, requests),
    latency_p50_ms: quantileOf(sorted, 0.5),
    latency_p95_ms: quantileOf(sorted, 0.95),
    block_rate: rateOf(blocks, requests),
    redaction_rate: rateOf(redactions, requests),
  };
}

/** The figures of one group. */
export interface Figures {
  readonly group: string;
  readonly requests: number;
  readonly errors: number;
  readonly latency_p50_ms: number | null;
  readonly latency_p95_ms: number | null;
  readonly tokens: number;
  readonly cost_usd: number;
  readonly blocks: number;
  readonly redactions: number;
  readonly answered_elsewhere: number;
}

export interface Comparison {
  readonly figures: readonly Figures[];
  /** Every measure of every group but the baseline. */
  readonly differences: readonly Difference[];
}

/** @param baseline One of the groups. */
export function compare(groups: readonly Collected[], baseline: Collected): Comparison {
  const estimated = groups.map((collected) => ({ collected, estimates: estimatesOf(collected) }));
  const base = estimated.find(({ collected }) => collected === baseline)?.estimates ?? estimatesOf(baseline);
  const differences = estimated
    .filter(({ collected }) => collected !== baseline)
    .flatMap(({ collected, estimates }) =>
      MEASURES.map((measure): Difference => {
        const { group, tokens, costUsd } = collected;
        if (measure === 'tokens_per_request') {
          return { group, measure, estimate: meanDifferenceOf(tokens, baseline.tokens) };
        }
        if (measure === 'cost_usd_per_request') {
          return { group, measure, estimate: meanDifferenceOf(costUsd, baseline.costUsd) };
        }
        return { group, measure, estimate: differenceOf(estimates[measure], base[measure]) };
      }),
    );
  return {
    figures: estimated.map(({ collected, estimates }) => figuresOf(collected, estimates)),
    differences,
  };
}

function figuresOf(collected: Collected, estimates: ReturnType<typeof estimatesOf>): Figures {
  const { group, requests, errors, blocks, redactions, answeredElsewhere, tokens, costUsd } = collected;
  return {
    group,
    requests,
    errors,
    latency_p50_ms: estimates.latency_p50_ms?.value ?? null,
    latency_p95_ms: estimates.latency_p95_ms?.value ?? null,
    tokens: Math.round(tokens.mean * tokens.count),
    // To a millionth of a micro-dollar, as events have it.
    cost_usd: Number((costUsd.mean * costUsd.count).toFixed(12)),
    blocks,
    redactions,
    answered_elsewhere: answeredElsewhere,
  };
}
