/** One health probe of a target, from its key to what the circuits and the log are told of it. */
import type { Target } from '../config/gateway-config.ts';
import type { Services } from '../services.ts';
import { probeTarget } from '../upstream/probe-target.ts';

/** What probing needs of the services. */
export type ProbeServices = Pick<
  Services,
  'callUpstream' | 'circuits' | 'elapsed' | 'log' | 'random' | 'secrets'
>;

/** The targets that the configuration wants to be probed. */
export function probedTargets(targets: readonly Target[]): readonly Target[] {
  return targets.filter(({ healthProbe }) => healthProbe.enabled);
}

/**
 * Resolves when the probe is over; never rejects.
 * @param isWanted Asked when the answer is there: what is not wanted any more is told to nobody.
 */
export async function probeAndReport(
  target: Target,
  services: ProbeServices,
  isWanted: () => boolean = () => true,
): Promise<void> {
  const { callUpstream, elapsed, circuits, log } = services;
  const secret = await services.secrets.get(target.secret);
  const report = await probeTarget(target, { callUpstream, elapsed, secret });
  if (!isWanted()) return;
  const failedBefore = (circuits.views().get(target.id)?.health?.failures ?? 0) > 0;
  circuits.reportHealth(target.id, report);
  // Only turns are told: an outage of a day is two lines.
  if (report.ok && failedBefore)
    log('info', 'a target answers its health probe again', { target: target.id });
  if (!report.ok && !failedBefore) {
    log('warn', 'a health probe failed', { target: target.id, reason: report.reason });
  }
}
