/** The running figures of one target: totals, a moving window in ten slots, the last durations. */
import type { Routing } from '../config/gateway-config.ts';
import type { Latency, Sample, TargetFigures } from './statistics.ts';

const SLOTS = 10;
const DURATIONS_KEPT = 512;

/** Sums over one tenth of the window; reused when its number comes round again. */
interface Slot {
  number: number;
  calls: number;
  samples: number;
  ttftMs: number;
  speedSamples: number;
  tokens: number;
  generatingMs: number;
}

export interface TargetRecord {
  started(now: number): void;
  finished(now: number, sample: Sample): void;
  inFlight(): number;
  figures(now: number): TargetFigures;
  latency(): Latency | undefined;
}

/** A record with nothing in it. */
export function createTargetRecord(routing: Routing): TargetRecord {
  const window = createWindow(routing.windowMs);
  const durations = new Float64Array(DURATIONS_KEPT);
  let durationsSeen = 0;
  let inFlight = 0;
  const totals = { requests: 0, errors: 0, promptTokens: 0, completionTokens: 0, costUsd: 0 };

  return {
    started: (now) => {
      inFlight += 1;
      window.slotAt(now).calls += 1;
    },
    finished: (now, sample) => {
      inFlight = Math.max(0, inFlight - 1);
      totals.requests += 1;
      if (!sample.ok) totals.errors += 1;
      totals.promptTokens += sample.promptTokens ?? 0;
      totals.completionTokens += sample.completionTokens ?? 0;
      totals.costUsd += sample.costUsd ?? 0;
      if (!sample.ok) return;
      durations[durationsSeen % DURATIONS_KEPT] = sample.durationMs;
      durationsSeen += 1;
      addSample(window.slotAt(now), sample);
    },
    inFlight: () => inFlight,
    figures: (now) => ({ inFlight, ...totals, ...window.averages(now, routing.minSampleCount) }),
    latency: () => percentiles(durations.subarray(0, Math.min(durationsSeen, DURATIONS_KEPT))),
  };
}

function addSample(slot: Slot, sample: Sample): void {
  const { ttftMs, completionTokens, durationMs } = sample;
  if (ttftMs === undefined) return;
  slot.samples += 1;
  slot.ttftMs += ttftMs;
  if (completionTokens === undefined || completionTokens <= 0) return;
  slot.speedSamples += 1;
  slot.tokens += completionTokens;
  // A reply that came in one piece generated all the while; a stream only since its first token.
  slot.generatingMs += durationMs > ttftMs ? durationMs - ttftMs : durationMs;
}

interface Averages {
  readonly recentCalls: number;
  readonly ttftMs: number | undefined;
  readonly tokensPerSecond: number | undefined;
}

function createWindow(windowMs: number): {
  slotAt(now: number): Slot;
  averages(now: number, minSamples: number): Averages;
} {
  const slotMs = Math.max(1, windowMs / SLOTS);
  const slots: Slot[] = Array.from({ length: SLOTS }, () => emptySlot(-1));
  return {
    slotAt: (now) => {
      const number = Math.floor(now / slotMs);
      const index = ((number % SLOTS) + SLOTS) % SLOTS;
      const slot = slots[index];
      if (slot?.number === number) return slot;
      const fresh = emptySlot(number);
      slots[index] = fresh;
      return fresh;
    },
    averages: (now, minSamples) => {
      const newest = Math.floor(now / slotMs);
      const sum = emptySlot(newest);
      for (const slot of slots) {
        // A clock that jumped back leaves slots of the future behind; they count as little as old ones.
        if (slot.number <= newest && slot.number > newest - SLOTS) addSlot(sum, slot);
      }
      return {
        recentCalls: sum.calls,
        ttftMs: sum.samples > 0 && sum.samples >= minSamples ? sum.ttftMs / sum.samples : undefined,
        tokensPerSecond:
          sum.generatingMs > 0 && sum.speedSamples >= minSamples
            ? (sum.tokens / sum.generatingMs) * 1_000
            : undefined,
      };
    },
  };
}

function emptySlot(number: number): Slot {
  return { number, calls: 0, samples: 0, ttftMs: 0, speedSamples: 0, tokens: 0, generatingMs: 0 };
}

function addSlot(sum: Slot, slot: Slot): void {
  sum.calls += slot.calls;
  sum.samples += slot.samples;
  sum.ttftMs += slot.ttftMs;
  sum.speedSamples += slot.speedSamples;
  sum.tokens += slot.tokens;
  sum.generatingMs += slot.generatingMs;
}

function percentiles(durations: Float64Array): Latency | undefined {
  if (durations.length === 0) return undefined;
  const sorted = durations.slice().sort();
  const at = (share: number): number => sorted[Math.ceil(share * sorted.length) - 1] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
