import { describe, expect, it } from 'vitest';
import { afterProbe, reachability, type Health, type ProbeReport } from '../../../lambda/routing/health.ts';
import { NOW } from './support.ts';

const GOOD: ProbeReport = { ok: true, latencyMs: 12 };
const BAD: ProbeReport = { ok: false, latencyMs: 5_000, reason: 'timeout' };
const INTERVAL = 30_000;

const after = (...reports: readonly ProbeReport[]): Health | undefined =>
  reports.reduce<Health | undefined>((health, report) => afterProbe(health, report, NOW), undefined);

describe('health', () => {
  it.each([
    ['unknown before the first probe', [], 'unknown'],
    ['reachable after a good probe', [GOOD], 'reachable'],
    ['unknown after one bad probe', [GOOD, BAD], 'unknown'],
    ['unreachable after two bad probes', [GOOD, BAD, BAD], 'unreachable'],
    ['unreachable after many', [BAD, BAD, BAD, BAD], 'unreachable'],
    ['reachable again after one good probe', [BAD, BAD, BAD, GOOD], 'reachable'],
  ] as const)('is %s', (_name, reports, expected) => {
    expect(reachability(after(...reports), NOW, INTERVAL)).toBe(expected);
  });

  it.each([
    ['news of two minutes ago', 120_000, 'unreachable'],
    ['older news', 120_001, 'unknown'],
    ['news from the future', -120_001, 'unknown'],
  ])('takes %s as it should', (_name, age, expected) => {
    expect(reachability(after(BAD, BAD), NOW + age, INTERVAL)).toBe(expected);
  });

  it('grants slow probers three intervals', () => {
    expect(reachability(after(BAD, BAD), NOW + 300_000, 100_000)).toBe('unreachable');
  });

  it('remembers when and how fast the last probe was', () => {
    expect(after(GOOD, BAD)).toEqual({ failures: 1, lastProbeAt: NOW, latencyMs: 5_000 });
  });
});
