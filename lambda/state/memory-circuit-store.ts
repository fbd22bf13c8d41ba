/** Circuits of a gateway that stands alone: everything in memory, every answer at once. */
import { claim, type Probe } from '../routing/circuit.ts';
import { afterProbe } from '../routing/health.ts';
import type { CircuitStore, CircuitStoreOptions } from './circuit-store.ts';
import { createLocalCircuits } from './local-circuits.ts';

/** A store that knows nothing yet. */
export function createMemoryCircuitStore({ settings, now }: CircuitStoreOptions): CircuitStore {
  const local = createLocalCircuits(settings);
  let claims = 0;

  const claimProbe = (targetId: string): Probe | undefined => {
    const owner = `memory-${(claims += 1)}`;
    const { circuit } = local.view(targetId);
    const halfOpen = claim(circuit, owner, now(), settings);
    if (halfOpen === undefined) return undefined;
    local.change(targetId, { circuit: halfOpen });
    return { targetId, owner, opening: halfOpen.opening };
  };

  return {
    views: () => local.views,
    claimProbe,
    report: (targetId, outcome, probe) => {
      const { transition } = local.conclude(targetId, outcome, probe, now());
      if (transition !== undefined) local.transit(targetId, transition);
    },
    reportHealth: (targetId, report) =>
      local.change(targetId, { health: afterProbe(local.view(targetId).health, report, now()) }),
    isDegraded: () => false,
    warmUp: () => Promise.resolve(),
    settled: () => Promise.resolve(),
  };
}
