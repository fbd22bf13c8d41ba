/** Services for tests of probes: a script instead of the network, circuits in memory, a log that is kept. */
import type { Target } from '../../../lambda/config/gateway-config.ts';
import type { ProbeServices } from '../../../lambda/probes/probe-and-report.ts';
import type { Health } from '../../../lambda/routing/health.ts';
import { createMemoryCircuitStore } from '../../../lambda/state/memory-circuit-store.ts';
import type { UpstreamReply } from '../../../lambda/upstream/upstream-call.ts';
import { aTarget, BREAKER } from '../routing/support.ts';

export interface ProbeWorld {
  readonly services: ProbeServices;
  /** Who was asked, and when on the test's clock. */
  readonly asked: { readonly host: string; readonly at: number }[];
  readonly log: string[];
  /** What every further probe gets: a status, or nothing until it is given up. */
  readonly answerWith: (status: number | Promise<number>) => void;
  readonly healthOf: (targetId: string) => Health | undefined;
}

/** A target with a probe, at an address of its own. */
export function aProbedTarget(id: string, intervalMs = 30_000, fields: Partial<Target> = {}): Target {
  return aTarget(id, {
    baseUrl: `https://${id}.example/v1`,
    healthProbe: { enabled: true, intervalMs, timeoutMs: 5_000 },
    ...fields,
  });
}

/** @param now The test's clock, for the time of day and for durations. */
export function aProbeWorld(now: () => number, random: () => number = () => 0.5): ProbeWorld {
  const circuits = createMemoryCircuitStore({ targets: [], settings: BREAKER, now });
  const asked: { host: string; at: number }[] = [];
  const log: string[] = [];
  let answer: number | Promise<number> = 200;
  const body: UpstreamReply['body'] = {
    [Symbol.asyncIterator]: () => ({ next: () => Promise.resolve({ done: true, value: undefined }) }),
  };
  return {
    services: {
      callUpstream: async ({ url }) => {
        asked.push({ host: new URL(url).host.replace('.example', ''), at: now() });
        return { status: await answer, headers: {}, body };
      },
      circuits,
      elapsed: now,
      random,
      log: (level, message, fields) => void log.push(`${level} ${message} ${JSON.stringify(fields)}`),
      secrets: { get: () => 'key', forget: () => undefined },
    },
    asked,
    log,
    answerWith: (status) => {
      answer = status;
    },
    healthOf: (targetId) => circuits.views().get(targetId)?.health,
  };
}
