import { describe, expect, it } from 'vitest';
import { createStatistics, type Statistics } from '../../../lambda/routing/statistics.ts';
import { NOW } from './support.ts';

const WINDOW = 300_000;

const fresh = (minSampleCount = 1): Statistics =>
  createStatistics({ strategy: 'ordered', windowMs: WINDOW, minSampleCount });

function call(statistics: Statistics, now: number, ttftMs: number, tokens = 100): void {
  statistics.started('a', now);
  statistics.finished('a', now, { ok: true, ttftMs, durationMs: ttftMs + 1_000, completionTokens: tokens });
}

describe('statistics', () => {
  it('of a target nobody called are empty', () => {
    expect(fresh().figures('a', NOW)).toEqual({
      inFlight: 0,
      requests: 0,
      errors: 0,
      promptTokens: 0,
      completionTokens: 0,
      costUsd: 0,
      recentCalls: 0,
      ttftMs: undefined,
      tokensPerSecond: undefined,
    });
  });

  it('average the time to first token and the speed', () => {
    const statistics = fresh();
    call(statistics, NOW, 100, 50);
    call(statistics, NOW, 300, 150);
    expect(statistics.figures('a', NOW)).toMatchObject({ ttftMs: 200, tokensPerSecond: 100 });
  });

  it('take the whole duration of a reply that came in one piece for its speed', () => {
    const statistics = fresh();
    statistics.finished('a', NOW, { ok: true, ttftMs: 2_000, durationMs: 2_000, completionTokens: 100 });
    expect(statistics.figures('a', NOW).tokensPerSecond).toBe(50);
  });

  it('say nothing before there are enough samples', () => {
    const statistics = fresh(3);
    call(statistics, NOW, 100);
    call(statistics, NOW, 100);
    expect(statistics.figures('a', NOW).ttftMs).toBeUndefined();
    call(statistics, NOW, 100);
    expect(statistics.figures('a', NOW).ttftMs).toBe(100);
  });

  it('forget within a tenth of the window after its end', () => {
    const statistics = fresh();
    call(statistics, NOW, 100);
    expect(statistics.figures('a', NOW + 0.9 * WINDOW - 1).ttftMs).toBe(100);
    expect(statistics.figures('a', NOW + WINDOW).ttftMs).toBeUndefined();
    expect(statistics.figures('a', NOW + WINDOW).requests).toBe(1);
  });

  it('survive a clock that jumps back and forth', () => {
    const statistics = fresh();
    call(statistics, NOW, 100);
    call(statistics, NOW - 10 * WINDOW, 500);
    expect(statistics.figures('a', NOW - 10 * WINDOW).ttftMs).toBe(500);
    call(statistics, NOW + 10 * WINDOW, 700);
    expect(statistics.figures('a', NOW + 10 * WINDOW).ttftMs).toBe(700);
    expect(statistics.figures('a', Number.MIN_SAFE_INTEGER).ttftMs).toBeUndefined();
  });

  it('count what is in flight, and never less than nothing', () => {
    const statistics = fresh();
    statistics.started('a', NOW);
    statistics.started('a', NOW);
    expect(statistics.inFlight('a')).toBe(2);
    for (let end = 0; end < 3; end += 1) statistics.finished('a', NOW, { ok: true, durationMs: 1 });
    expect(statistics.inFlight('a')).toBe(0);
  });

  it('add up requests, errors, tokens and cost', () => {
    const statistics = fresh();
    statistics.finished('a', NOW, { ok: false, durationMs: 1 });
    statistics.finished('a', NOW, {
      ok: true,
      durationMs: 1,
      promptTokens: 7,
      completionTokens: 9,
      costUsd: 0.5,
    });
    expect(statistics.figures('a', NOW)).toMatchObject({
      requests: 2,
      errors: 1,
      promptTokens: 7,
      completionTokens: 9,
      costUsd: 0.5,
    });
  });

  it('give percentiles of the durations of good calls', () => {
    const statistics = fresh();
    expect(statistics.latency('a')).toBeUndefined();
    for (let durationMs = 1; durationMs <= 100; durationMs += 1) {
      statistics.finished('a', NOW, { ok: true, durationMs });
      statistics.finished('a', NOW, { ok: false, durationMs: 9_999 });
    }
    expect(statistics.latency('a')).toEqual({ p50: 50, p95: 95, p99: 99 });
  });

  it('give percentiles of the last 512 calls only', () => {
    const statistics = fresh();
    for (let calls = 0; calls < 512; calls += 1) statistics.finished('a', NOW, { ok: true, durationMs: 900 });
    for (let calls = 0; calls < 512; calls += 1) statistics.finished('a', NOW, { ok: true, durationMs: 10 });
    expect(statistics.latency('a')).toEqual({ p50: 10, p95: 10, p99: 10 });
  });
});
