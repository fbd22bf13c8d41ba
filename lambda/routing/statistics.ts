/** What past requests say about each target: speed over a moving window, requests in flight, totals. */
import type { Routing } from '../config/gateway-config.ts';
import { createRotation, type Rotation } from './rotation.ts';
import { createTargetRecord, type TargetRecord } from './target-record.ts';

/** One finished call. Figures that were not seen are left out. */
export interface Sample {
  readonly ok: boolean;
  readonly durationMs: number;
  /** From sending the request to the first content byte (not streamed: to the whole reply). */
  readonly ttftMs?: number;
  readonly promptTokens?: number;
  readonly completionTokens?: number;
  readonly costUsd?: number;
}

/** What the strategies and the metrics route read of one target. */
export interface TargetFigures {
  readonly inFlight: number;
  readonly requests: number;
  readonly errors: number;
  readonly promptTokens: number;
  readonly completionTokens: number;
  readonly costUsd: number;
  /** Calls begun within the window, answered or not. */
  readonly recentCalls: number;
  /** Mean over the window; undefined with fewer samples than min_sample_count. */
  readonly ttftMs: number | undefined;
  /** Completion tokens per second of generating over the window; undefined as above. */
  readonly tokensPerSecond: number | undefined;
}

/** Percentiles of the whole call's duration over the last 512 good calls; undefined before the first. */
export interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

/** Mutable and owned by one running gateway; every method is told the time. */
export interface Statistics {
  /** Where the rotating strategies stand. */
  readonly rotation: Rotation;
  started(targetId: string, now: number): void;
  finished(targetId: string, now: number, sample: Sample): void;
  inFlight(targetId: string): number;
  figures(targetId: string, now: number): TargetFigures;
  latency(targetId: string): Latency | undefined;
}

/** Statistics of a gateway that has just begun. */
export function createStatistics(routing: Routing): Statistics {
  const records = new Map<string, TargetRecord>();
  const recordOf = (id: string): TargetRecord => {
    const known = records.get(id);
    if (known !== undefined) return known;
    const fresh = createTargetRecord(routing);
    records.set(id, fresh);
    return fresh;
  };
  return {
    rotation: createRotation(),
    started: (id, now) => recordOf(id).started(now),
    finished: (id, now, sample) => recordOf(id).finished(now, sample),
    inFlight: (id) => recordOf(id).inFlight(),
    figures: (id, now) => recordOf(id).figures(now),
    latency: (id) => recordOf(id).latency(),
  };
}
