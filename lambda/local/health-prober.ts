/** Asks the targets of a gateway on this machine, each at its own interval, whether they are there. */
import type { Target } from '../config/gateway-config.ts';
import { probeAndReport, probedTargets, type ProbeServices } from '../probes/probe-and-report.ts';

/** First probes fall into this time, spread by chance, so that a start has news soon and no burst. */
const FIRST_WITHIN_MS = 1_000;

/** Part of the interval by which each wait is longer or shorter, so that gateways do not beat in time. */
const JITTER = 0.1;

export interface HealthProber {
  /** From now on these targets are probed, as far as they want it, and no others. */
  watch(targets: readonly Target[], services: ProbeServices): void;
  /** For good; what a running probe sees is told to nobody. */
  stop(): void;
}

/** A prober that watches nothing yet. Its timers keep no process alive. */
export function createHealthProber(): HealthProber {
  let endRounds: readonly (() => void)[] = [];
  let isStopped = false;
  const end = (): void => {
    for (const endRound of endRounds) endRound();
    endRounds = [];
  };
  return {
    watch: (targets, services) => {
      end();
      if (isStopped) return;
      endRounds = probedTargets(targets).map((target) => probeRegularly(target, services));
    },
    stop: () => {
      isStopped = true;
      end();
    },
  };
}

/** The next probe is planned when one is over: a target never has two at once. Gives what ends it. */
function probeRegularly(target: Target, services: ProbeServices): () => void {
  const { elapsed, random } = services;
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  const plan = (delayMs: number): void => {
    timer = setTimeout(() => void probe(), delayMs);
    timer.unref();
  };
  const probe = async (): Promise<void> => {
    const dueAt = elapsed() + target.healthProbe.intervalMs * (1 + JITTER * (2 * random() - 1));
    await probeAndReport(target, services, () => !isOver);
    if (!isOver) plan(Math.max(0, dueAt - elapsed()));
  };
  plan(FIRST_WITHIN_MS * random());
  return () => {
    isOver = true;
    clearTimeout(timer);
  };
}
