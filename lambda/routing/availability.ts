/** Whether a target may be called now, from what is known of its circuit, its cool-down and its probes. */
import type { CircuitBreaker } from '../config/gateway-config.ts';
import { CLOSED, hasPassed, isProbeDue, LEASE_MS, type Circuit } from './circuit.ts';
import { LONGEST_REST_MS, type Cooldown } from './cooldown.ts';
import type { Health } from './health.ts';

/** All that the stores know of one target. */
export interface CircuitView {
  readonly circuit: Circuit;
  readonly cooldown?: Cooldown;
  readonly health?: Health;
}

/** By target id; a target without an entry is one nothing is known of. */
export type CircuitViews = ReadonlyMap<string, CircuitView>;

export const UNKNOWN_CIRCUIT: CircuitView = { circuit: CLOSED };

/** `until` is the earliest instant at which the target may be called again. */
export type Availability =
  | { readonly kind: 'ready' }
  /** May be called by whoever claims the probe first. */
  | { readonly kind: 'probe_due' }
  | { readonly kind: 'open'; readonly until: number }
  | { readonly kind: 'cooling'; readonly until: number };

/** Whether the target may be called at `now`. */
export function availabilityOf(
  view: CircuitView | undefined,
  now: number,
  settings: CircuitBreaker,
): Availability {
  const { circuit, cooldown } = view ?? UNKNOWN_CIRCUIT;
  if (cooldown !== undefined && !hasPassed(cooldown.until, now, LONGEST_REST_MS)) {
    return { kind: 'cooling', until: cooldown.until };
  }
  if (!settings.enabled || circuit.state === 'closed') return { kind: 'ready' };
  if (isProbeDue(circuit, now, settings)) return { kind: 'probe_due' };
  if (circuit.state === 'open') return { kind: 'open', until: circuit.openUntil };
  return { kind: 'open', until: Math.min(circuit.probeUntil, now + LEASE_MS) };
}
