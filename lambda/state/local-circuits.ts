/** The circuits as one process knows them: a live map of views, and the failures it saw itself. */
import type { CircuitBreaker } from '../config/gateway-config.ts';
import { UNKNOWN_CIRCUIT, type CircuitView, type CircuitViews } from '../routing/availability.ts';
import { open, settleProbe, type Circuit, type Probe } from '../routing/circuit.ts';
import { coolDown, type Cooldown } from '../routing/cooldown.ts';
import { isBreakerFailure, type Outcome } from '../routing/outcome.ts';
import { isTripped, withFailure, type RecentFailures } from '../routing/trip-rule.ts';

/** A step of the state machine; gives back the very same circuit when it doesn't apply. */
export type Transition = (circuit: Circuit) => Circuit;

/** What the end of a call asks for. */
export interface Consequence {
  readonly transition?: Transition;
  /** A failure of a closed circuit that did not open it here, but may when all failures are counted together. */
  readonly failure?: true;
  /** The target's new rest. */
  readonly cooldown?: Cooldown;
}

export interface LocalCircuits {
  /** Live. */
  readonly views: CircuitViews;
  view(targetId: string): CircuitView;
  /** Changes parts of a view. */
  change(targetId: string, parts: Partial<CircuitView>): void;
  /** Applies the step; false when it changed nothing. */
  transit(targetId: string, transition: Transition): boolean;
  /** Counts a failure and keeps a rest; says what else follows from the end of a call. */
  conclude(targetId: string, outcome: Outcome, probe: Probe | undefined, now: number): Consequence;
  /** The step that opens a closed circuit as of `now`. */
  opening(now: number): Transition;
}

/** Circuits of which nothing is known yet. */
export function createLocalCircuits(settings: CircuitBreaker): LocalCircuits {
  const views = new Map<string, CircuitView>();
  const failures = new Map<string, RecentFailures>();
  const view = (targetId: string): CircuitView => views.get(targetId) ?? UNKNOWN_CIRCUIT;

  const change = (targetId: string, parts: Partial<CircuitView>): void => {
    const before = view(targetId);
    // Failures belong to the circuit that saw them: what closed again starts with none.
    if (parts.circuit !== undefined && parts.circuit.state !== before.circuit.state)
      failures.delete(targetId);
    views.set(targetId, { ...before, ...parts });
  };

  const opening =
    (now: number): Transition =>
    (circuit) =>
      open(circuit, now, settings);

  const countFailure = (targetId: string, now: number): Consequence => {
    if (!settings.enabled || view(targetId).circuit.state !== 'closed') return {};
    const recent = withFailure(failures.get(targetId) ?? [], now, settings);
    failures.set(targetId, recent);
    return isTripped(recent.length, settings) ? { transition: opening(now) } : { failure: true };
  };

  const rest = (targetId: string, outcome: Outcome, now: number): Consequence => {
    if (outcome.kind !== 'rate_limited') return {};
    const before = view(targetId).cooldown;
    const cooldown = coolDown(before, now, outcome.retryAfterMs);
    if (cooldown === before) return {};
    change(targetId, { cooldown });
    return { cooldown };
  };

  return {
    views,
    view,
    change,
    opening,
    transit: (targetId, transition) => {
      const { circuit } = view(targetId);
      const next = transition(circuit);
      if (next === circuit) return false;
      change(targetId, { circuit: next });
      return true;
    },
    conclude: (targetId, outcome, probe, now) => {
      if (probe !== undefined) {
        return { ...rest(targetId, outcome, now), transition: settling(probe, outcome, now, settings) };
      }
      if (isBreakerFailure(outcome)) return countFailure(targetId, now);
      return rest(targetId, outcome, now);
    },
  };
}

/** An answer of any kind, a 4xx too, shows that the target is alive; an end of our own making shows nothing. */
function settling(probe: Probe, outcome: Outcome, now: number, settings: CircuitBreaker): Transition {
  const verdict = isBreakerFailure(outcome) ? 'failed' : 'succeeded';
  const result = outcome.kind === 'cancelled' ? 'released' : verdict;
  return (circuit) => settleProbe(circuit, probe, result, now, settings);
}
