/** What happened in a simulation, and the figures that follow from it. */
import type { Scenario } from './scenario.ts';

export interface Journal {
  readonly called: (targetId: string, at: number, ok: boolean, probe: boolean) => void;
  readonly served: (startedAt: number, endedAt: number, answered: boolean) => void;
  readonly figures: () => Figures;
}

export interface Figures {
  readonly requests: number;
  /** Requests whose caller got an error. */
  readonly failed: number;
  /** Calls of `a` that failed: what the outage cost before everybody knew, and the probes. */
  readonly failedCalls: number;
  /** From the outage to the start of the last call of `a` during it that was no probe. */
  readonly allStoppedAfterMs: number;
  readonly probes: number;
  /** From the end of the outage to the first second in which `a` got nine tenths of its calls of before. */
  readonly returnedAfterMs: number | undefined;
  /** From the first good probe to the same second; counted in whole seconds. */
  readonly returnedAfterProbeMs: number | undefined;
  /** Milliseconds that requests begun during the outage took, the worst of a hundred left out. */
  readonly p99DuringOutageMs: number;
  /** Calls of `a` begun in each second. */
  readonly callsPerSecond: readonly number[];
}

/** @param start The instant at which the simulation began. */
export function createJournal(scenario: Scenario, start: number): Journal {
  const calls = Array.from({ length: Math.ceil(scenario.endMs / 1_000) }, () => 0);
  const durations: number[] = [];
  const isDuring = (at: number): boolean => at >= scenario.outageFromMs && at < scenario.outageToMs;
  let requests = 0;
  let failed = 0;
  let failedCalls = 0;
  let probes = 0;
  let lastCall = scenario.outageFromMs;
  let goodProbe: number | undefined;

  return {
    called: (targetId, instant, ok, probe) => {
      if (targetId !== 'a') return;
      const at = instant - start;
      const second = Math.floor(at / 1_000);
      calls[second] = (calls[second] ?? 0) + 1;
      if (!ok) failedCalls += 1;
      if (probe && ok) goodProbe ??= at;
      if (probe) probes += 1;
      else if (isDuring(at)) lastCall = Math.max(lastCall, at);
    },
    served: (startedAt, endedAt, answered) => {
      requests += 1;
      if (!answered) failed += 1;
      if (isDuring(startedAt - start)) durations.push(endedAt - startedAt);
    },
    figures: () => {
      const sorted = durations.toSorted((a, b) => a - b);
      const returned = returnedAfter(calls, scenario);
      const isKnown = returned !== undefined && goodProbe !== undefined;
      return {
        requests,
        failed,
        failedCalls,
        probes,
        allStoppedAfterMs: lastCall - scenario.outageFromMs,
        returnedAfterMs: returned,
        returnedAfterProbeMs: isKnown ? returned + scenario.outageToMs - (goodProbe ?? 0) : undefined,
        p99DuringOutageMs: sorted[Math.floor(sorted.length * 0.99)] ?? 0,
        callsPerSecond: calls,
      };
    },
  };
}

function returnedAfter(calls: readonly number[], scenario: Scenario): number | undefined {
  const usual = scenario.environments * scenario.requestsPerSecond;
  const from = scenario.outageToMs / 1_000;
  const second = calls.findIndex((count, index) => index >= from && count >= 0.9 * usual);
  return second < 0 ? undefined : second * 1_000 - scenario.outageToMs;
}
