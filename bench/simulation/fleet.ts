/** Environments that serve requests in virtual time, with the product's own planning, fall-back and circuit stores. */
import type { Target } from '../../lambda/config/gateway-config.ts';
import { planTargets } from '../../lambda/routing/choose.ts';
import type { Probe } from '../../lambda/routing/circuit.ts';
import { nextStep, type Attempt } from '../../lambda/routing/fall-back.ts';
import type { Outcome } from '../../lambda/routing/outcome.ts';
import type { PlannedTarget } from '../../lambda/routing/plan.ts';
import { createStatistics } from '../../lambda/routing/statistics.ts';
import type { CircuitStore } from '../../lambda/state/circuit-store.ts';
import type { Journal } from './journal.ts';
import type { SimulatedConfig } from './simulated-config.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface EnvironmentNeeds {
  readonly config: SimulatedConfig;
  readonly store: CircuitStore;
  readonly time: VirtualTime;
  readonly random: () => number;
  readonly journal: Journal;
  /** One call of a target. */
  readonly call: (target: Target) => Promise<Outcome>;
}

/** Wall clock of a request. */
const DEADLINE_MS = 60_000;

/** Makes the function that serves one request from start to end. */
export function createEnvironment(needs: EnvironmentNeeds): () => Promise<void> {
  const { config, store, time, random, journal } = needs;
  const statistics = createStatistics(config.routing);
  const request = { model: undefined, stickyValue: undefined, promptTokens: 500, maxTokens: 500 };

  return async () => {
    const startedAt = time.now();
    const plan = planTargets({
      config,
      request,
      circuits: store.views(),
      statistics,
      now: startedAt,
      random,
    });
    const answered = plan.kind === 'targets' && (await tryTargets(needs, plan.targets, startedAt));
    journal.served(startedAt, time.now(), answered);
  };
}

async function tryTargets(
  needs: EnvironmentNeeds,
  planned: readonly PlannedTarget[],
  startedAt: number,
): Promise<boolean> {
  const { config, store, time, random } = needs;
  const attempts: Attempt[] = [];
  let place = 0;
  for (let current = planned[0]; current !== undefined;) {
    const { target } = current;
    const probe = current.probe ? await store.claimProbe(target.id) : undefined;
    if (current.probe && probe === undefined) {
      place += 1;
      current = planned[place];
      continue;
    }
    const outcome = await callOnce(needs, target, probe);
    if (outcome.kind === 'success') return true;
    attempts.push({ target, outcome });
    const step = nextStep({
      fallback: config.fallback,
      retry: config.retry,
      attempts,
      remaining: planned.slice(place + 1),
      circuitClosed: (store.views().get(target.id)?.circuit.state ?? 'closed') === 'closed',
      contentSent: false,
      remainingMs: startedAt + DEADLINE_MS - time.now(),
      random: random(),
    });
    if (step.kind === 'give_up') return false;
    if (step.kind === 'retry') await time.delay(step.afterMs);
    current = step.kind === 'retry' ? { target, probe: false } : step.to;
    place = planned.findIndex((entry) => entry.target.id === current?.target.id);
  }
  return false;
}

async function callOnce(needs: EnvironmentNeeds, target: Target, probe: Probe | undefined): Promise<Outcome> {
  const { store, time, journal, call } = needs;
  const at = time.now();
  const outcome = await call(target);
  journal.called(target.id, at, outcome.kind === 'success', probe !== undefined);
  store.report(target.id, outcome, probe);
  return outcome;
}
