/**
 * How a target's circuit looks as a DynamoDB item. Reading forgives: items that lack fields, are stale or were
 * written by a newer version give the view that does least harm, because a gateway must not stop for one.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { CircuitView } from '../routing/availability.ts';
import type { Circuit } from '../routing/circuit.ts';
import type { Cooldown } from '../routing/cooldown.ts';
import type { Health } from '../routing/health.ts';

export type Item = Readonly<Record<string, AttributeValue>>;

/** The table's one key, a string; `ttl` is its time-to-live attribute. */
export const PARTITION_KEY = 'id';

/** Items that nobody writes to any more are removed after so long. */
const KEPT_SECONDS = 30 * 86_400;

/** Key of the item with a target's circuit, rest and health. */
export const circuitKey = (targetId: string): Item => ({ [PARTITION_KEY]: { S: `circuit#${targetId}` } });

/** Key of a bucket of failures; the epoch in it keeps failures of earlier epochs from counting. */
export const bucketKey = (targetId: string, epoch: number, bucket: number): Item => ({
  [PARTITION_KEY]: { S: `failures#${targetId}#${epoch}#${bucket}` },
});

/** DynamoDB's TTL counts in seconds and deletes late: expiry is always compared in code. */
export const timeToLive = (now: number, seconds = KEPT_SECONDS): AttributeValue =>
  number(Math.ceil(now / 1_000) + seconds);

export const number = (value: number): AttributeValue => ({ N: String(value) });

/** The view that an item gives. */
export function viewFromItem(item: Item): CircuitView {
  const cooldown = cooldownFromItem(item);
  const health = healthFromItem(item);
  return {
    circuit: circuitFromItem(item),
    ...(cooldown !== undefined && { cooldown }),
    ...(health !== undefined && { health }),
  };
}

/** The circuit's attributes; those that a state doesn't have are undefined, for removal. */
export function circuitAttributes(circuit: Circuit): Readonly<Record<string, AttributeValue | undefined>> {
  const outage = circuit.state === 'closed' ? undefined : circuit;
  const halfOpen = circuit.state === 'half-open' ? circuit : undefined;
  return {
    state: { S: circuit.state },
    epoch: number(circuit.epoch),
    opening: outage && number(outage.opening),
    opened_at: outage && number(outage.openedAt),
    open_until: outage && number(outage.openUntil),
    trips: outage && number(outage.trips),
    probe_owner: halfOpen && { S: halfOpen.probeOwner },
    probe_until: halfOpen && number(halfOpen.probeUntil),
    probe_successes: halfOpen && number(halfOpen.successes),
  };
}

/** A state that isn't known counts as closed: the breaker then acts on what it sees itself. */
function circuitFromItem(item: Item): Circuit {
  const epoch = numberOf(item, 'epoch') ?? 0;
  const state = item['state']?.S;
  if (state !== 'open' && state !== 'half-open') return { state: 'closed', epoch };
  const openedAt = numberOf(item, 'opened_at') ?? 0;
  const outage = {
    epoch,
    opening: numberOf(item, 'opening') ?? epoch,
    openedAt,
    // Without an end the cooldown counts as over: one probe finds out more than any guess.
    openUntil: numberOf(item, 'open_until') ?? openedAt,
    trips: Math.max(1, numberOf(item, 'trips') ?? 1),
  };
  if (state === 'open') return { state, ...outage };
  return {
    state,
    ...outage,
    probeOwner: item['probe_owner']?.S ?? '',
    probeUntil: numberOf(item, 'probe_until') ?? 0,
    successes: numberOf(item, 'probe_successes') ?? 0,
  };
}

function cooldownFromItem(item: Item): Cooldown | undefined {
  const until = numberOf(item, 'cooling_until');
  return until === undefined ? undefined : { until, step: numberOf(item, 'cooling_step') ?? 0 };
}

function healthFromItem(item: Item): Health | undefined {
  const lastProbeAt = numberOf(item, 'health_at');
  if (lastProbeAt === undefined) return undefined;
  const failures = numberOf(item, 'health_failures') ?? 0;
  return { lastProbeAt, failures, latencyMs: numberOf(item, 'health_latency_ms') ?? 0 };
}

/** A number that is there, finite and not negative. */
export function numberOf(item: Item, name: string): number | undefined {
  const text = item[name]?.N;
  if (text === undefined) return undefined;
  const value = Number(text);
  return Number.isFinite(value) && value >= 0 ? value : undefined;
}
