/** The probes of one minute, for a function that is started once in each: a schedule knows no shorter time. */
import { hash } from 'node:crypto';
import type { Target } from '../config/gateway-config.ts';
import type { Services } from '../services.ts';
import { probeAndReport, probedTargets, type ProbeServices } from './probe-and-report.ts';

const MINUTE_MS = 60_000;

/** Part of the interval over which targets are spread; a larger one would have the function wait, and be paid, longer. */
const SPREAD = 0.1;

/** Enough of a digest to spread targets evenly; 32 bits are eight hex digits. */
const HEX_DIGITS = 8;

export interface MinuteOptions {
  readonly services: ProbeServices & Pick<Services, 'now'>;
  readonly wait: (milliseconds: number) => Promise<unknown>;
}

/** A target and the instants at which it is to be probed, milliseconds since the epoch. */
export interface Beats {
  readonly target: Target;
  readonly instants: readonly number[];
}

/**
 * What is due from `from` on, for a minute; targets that are not due are left out. The instants are the multiples
 * of the target's interval, moved by a tenth of it at most that depends on the target's id, so that targets do not
 * all beat at once. They need no memory: minutes that follow each other give an even beat, whatever the interval.
 */
export function beatsOfMinute(targets: readonly Target[], from: number): readonly Beats[] {
  return probedTargets(targets).flatMap((target) => {
    const { intervalMs } = target.healthProbe;
    const shift = shareOf(target.id) * SPREAD * intervalMs;
    const instants: number[] = [];
    let beat = Math.ceil((from - shift) / intervalMs) * intervalMs + shift;
    for (; beat < from + MINUTE_MS; beat += intervalMs) instants.push(beat);
    return instants.length === 0 ? [] : { target, instants };
  });
}

/** Resolves when the last probe is over; never waits for longer than a minute for one to begin. */
export async function probeForAMinute(beats: readonly Beats[], options: MinuteOptions): Promise<void> {
  await Promise.all(beats.map((ofTarget) => probeInTurn(ofTarget, options)));
}

/** One probe of a target at a time; of beats that have been missed only the last is made up for. */
async function probeInTurn({ target, instants }: Beats, { services, wait }: MinuteOptions): Promise<void> {
  for (const [index, instant] of instants.entries()) {
    const next = instants[index + 1];
    if (next !== undefined && services.now() >= next) continue;
    const delayMs = Math.min(instant - services.now(), MINUTE_MS);
    if (delayMs > 0) await wait(delayMs);
    await probeAndReport(target, services);
  }
}

function shareOf(id: string): number {
  return Number.parseInt(hash('sha256', id, 'hex').slice(0, HEX_DIGITS), 16) / 16 ** HEX_DIGITS;
}
