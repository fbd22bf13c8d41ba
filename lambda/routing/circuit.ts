/**
 * The circuit of one target as a pure state machine: closed, open, half-open. Every transition raises the
 * epoch by one, so that stores can make each write conditional on the epoch it was computed from.
 */
import type { CircuitBreaker } from '../config/gateway-config.ts';

/** How long one probe may keep others from probing. */
export const LEASE_MS = 15_000;

/** How far clocks of different machines may differ before an instant is taken for absurd. */
export const CLOCK_SKEW_MS = 10_000;

/** Instants are milliseconds since the epoch of the machine that wrote them. */
export type Circuit = Closed | Open | HalfOpen;

export interface Closed {
  readonly state: 'closed';
  readonly epoch: number;
}

/** What an open and a half-open circuit remember of the same outage. */
export interface Outage {
  readonly epoch: number;
  /** Epoch at which this opening began; a probe's result counts only for the opening it belongs to. */
  readonly opening: number;
  readonly openedAt: number;
  readonly openUntil: number;
  /** Openings in a row without a close between them; each doubles the cooldown. */
  readonly trips: number;
}

export interface Open extends Outage {
  readonly state: 'open';
}

export interface HalfOpen extends Outage {
  readonly state: 'half-open';
  readonly probeOwner: string;
  /** The lease ends here; at or before `now` it is free. */
  readonly probeUntil: number;
  /** Probes of this opening that succeeded. */
  readonly successes: number;
}

/** The right to send one real request to a target whose circuit is not closed. */
export interface Probe {
  readonly targetId: string;
  readonly opening: number;
  readonly owner: string;
}

/** Where every circuit begins. */
export const CLOSED: Closed = { state: 'closed', epoch: 0 };

/** Opens a closed circuit; an open or half-open one stays as it is. */
export function open(circuit: Circuit, now: number, settings: CircuitBreaker): Circuit {
  return circuit.state === 'closed' ? opened(circuit.epoch + 1, 1, now, settings) : circuit;
}

/** Whether a probe may be claimed now: the cooldown is over, or the last probe's lease has ended. */
export function isProbeDue(circuit: Circuit, now: number, settings: CircuitBreaker): boolean {
  if (circuit.state === 'open') return hasPassed(circuit.openUntil, now, longestCooldownMs(settings));
  return circuit.state === 'half-open' && hasPassed(circuit.probeUntil, now, LEASE_MS);
}

/** The circuit with the probe's lease given to `owner`; undefined when no probe is due. */
export function claim(
  circuit: Circuit,
  owner: string,
  now: number,
  settings: CircuitBreaker,
): HalfOpen | undefined {
  if (circuit.state === 'closed' || !isProbeDue(circuit, now, settings)) return undefined;
  const { opening, openedAt, openUntil, trips } = circuit;
  const successes = circuit.state === 'half-open' ? circuit.successes : 0;
  const epoch = circuit.epoch + 1;
  const probeUntil = now + LEASE_MS;
  return {
    state: 'half-open',
    epoch,
    opening,
    openedAt,
    openUntil,
    trips,
    probeOwner: owner,
    probeUntil,
    successes,
  };
}

/** How a probe ended; `released` says nothing about the target (the caller left, say). */
export type ProbeResult = 'succeeded' | 'failed' | 'released';

/** The circuit after a probe; unchanged when the probe belongs to an opening that is over. */
export function settleProbe(
  circuit: Circuit,
  probe: Probe,
  result: ProbeResult,
  now: number,
  settings: CircuitBreaker,
): Circuit {
  if (circuit.state !== 'half-open' || circuit.opening !== probe.opening) return circuit;
  const epoch = circuit.epoch + 1;
  if (result === 'failed') return opened(epoch, circuit.trips + 1, now, settings);
  if (result === 'succeeded') {
    const successes = circuit.successes + 1;
    if (successes >= settings.halfOpenMaxRequests) return { state: 'closed', epoch };
    return { ...circuit, epoch, successes, probeUntil: now };
  }
  // A lease that has passed on to somebody else isn't ours to end.
  return circuit.probeOwner === probe.owner ? { ...circuit, epoch, probeUntil: now } : circuit;
}

/** Cooldown before the first probe of the given opening in a row: doubled each time, up to the maximum. */
export function cooldownMs(trips: number, settings: CircuitBreaker): number {
  return Math.min(
    settings.cooldownMs * 2 ** (trips - 1),
    Math.max(settings.cooldownMs, settings.maxCooldownMs),
  );
}

/** An instant farther ahead than `longest` allows was written by a clock that has since jumped: it counts as passed. */
export function hasPassed(instant: number, now: number, longest: number): boolean {
  return now >= instant || instant - now > longest + CLOCK_SKEW_MS;
}

function longestCooldownMs(settings: CircuitBreaker): number {
  return Math.max(settings.cooldownMs, settings.maxCooldownMs);
}

function opened(epoch: number, trips: number, now: number, settings: CircuitBreaker): Open {
  const openUntil = now + cooldownMs(trips, settings);
  return { state: 'open', epoch, opening: epoch, openedAt: now, openUntil, trips };
}
