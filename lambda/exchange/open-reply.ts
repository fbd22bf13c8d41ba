/** Calls targets, one after the other, until one gives an answer that can be sent. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Target } from '../config/gateway-config.ts';
import { problem, ProblemError } from '../http/problem.ts';
import type { Problem } from '../http/problem.ts';
import { nextStep } from '../routing/fall-back.ts';
import type { Attempt, NextStep } from '../routing/fall-back.ts';
import type { PlannedTarget } from '../routing/plan.ts';
import type { CallFailure } from './call-end.ts';
import { endLease, takeLease } from './call-lease.ts';
import type { CallLease } from './call-lease.ts';
import { callTarget } from './call-target.ts';
import type { CallEnd } from './call-target.ts';
import type { Exchange } from './exchange.ts';
import type { OpenStream } from './open-stream.ts';
import type { OpenWhole } from './open-whole.ts';
import { planFor } from './plan-for.ts';
import { recordStart } from './record-start.ts';

/** An answer, and the call that is giving it. */
export interface OpenReply {
  readonly reply: OpenStream | OpenWhole;
  readonly lease: CallLease;
}

/** Throws ProblemError when no target answers. */
export async function openReply(exchange: Exchange): Promise<OpenReply> {
  const hunt = new TargetHunt(exchange, await planFor(exchange));
  for (;;) {
    const reply = await hunt.tryOnce();
    if (reply !== undefined) return reply;
  }
}

/** The search for a target that answers: who was called, how it ended, who is next. */
class TargetHunt {
  private readonly exchange: Exchange;
  private remaining: readonly PlannedTarget[];
  private next: PlannedTarget | undefined;
  private readonly attempts: Attempt[] = [];
  private hasFreshSecret = false;
  private mayAskForUsage = true;
  /** When the current target's time is up: its retries share it. On the clock that never jumps. */
  private deadline = 0;

  constructor(exchange: Exchange, plan: readonly PlannedTarget[]) {
    this.exchange = exchange;
    this.remaining = plan;
    this.advanceTo(plan[0]);
  }

  /** Calls the next target; undefined when another try is to follow. Throws ProblemError at the end of all tries. */
  async tryOnce(): Promise<OpenReply | undefined> {
    const { exchange, next } = this;
    if (next === undefined) {
      const message = 'no target can be called now: another request is trying the one that may recover';
      throw new ProblemError(problem('no_target_available', message, { retryAfterMs: 1000 }));
    }
    const lease = await takeLease(exchange, next, this.remainingMs);
    if (lease === undefined) {
      this.advanceTo(this.remaining[0]);
      return undefined;
    }
    const end = await this.call(lease).catch((cause: unknown) => {
      lease.patience.giveUp('answered');
      endLease(exchange, lease, { outcome: { kind: 'cancelled' }, status: null, error: 'internal_error' });
      throw cause;
    });
    if (end.kind === 'open') return { reply: end.reply, lease };
    endLease(exchange, lease, { ...end, error: end.problem.code });
    if (end.isUsageRefused === true && this.mayAskForUsage) {
      this.mayAskForUsage = false;
      return undefined;
    }
    await this.decide(next.target, end);
    return undefined;
  }

  private async call(lease: CallLease): Promise<CallEnd> {
    const { exchange, mayAskForUsage } = this;
    const secret = await this.secretOf(lease.target);
    const calling = callTarget(exchange, { ...lease, secret, mayAskForUsage });
    recordStart(exchange, lease.target);
    // Costs the caller nothing while upstream works.
    exchange.record.promptHash();
    return calling;
  }

  private get remainingMs(): number {
    const { request, runtime } = this.exchange;
    const ofTarget = this.deadline - runtime.services.elapsed();
    return request.deadline === undefined
      ? ofTarget
      : Math.min(ofTarget, request.deadline - runtime.services.now());
  }

  private advanceTo(planned: PlannedTarget | undefined): void {
    const { runtime, record } = this.exchange;
    this.next = planned;
    this.remaining = planned === undefined ? [] : this.remaining.slice(this.remaining.indexOf(planned) + 1);
    this.hasFreshSecret = false;
    this.mayAskForUsage = true;
    if (planned === undefined) return;
    const { timeoutMs, streamTimeoutMs } = planned.target;
    this.deadline = runtime.services.elapsed() + (record.stream ? streamTimeoutMs : timeoutMs);
  }

  private async secretOf(target: Target): Promise<string> {
    const secret = await this.exchange.runtime.services.secrets.get(target.secret);
    // Planning left out the targets without one; only a refresh in between can have lost it.
    return secret ?? '';
  }

  private async decide(target: Target, end: CallFailure): Promise<void> {
    const { runtime } = this.exchange;
    const { config, services } = runtime;
    this.attempts.push({ target, outcome: end.outcome, ...(this.hasFreshSecret && { freshSecret: true }) });
    const circuit = services.circuits.views().get(target.id)?.circuit;
    const step = nextStep({
      fallback: config.fallback,
      retry: config.retry,
      attempts: this.attempts,
      remaining: this.remaining,
      circuitClosed: !config.circuitBreaker.enabled || (circuit?.state ?? 'closed') === 'closed',
      contentSent: false,
      remainingMs: end.outcome.kind === 'timeout' ? Number.POSITIVE_INFINITY : this.remainingMs,
      random: services.random(),
    });
    await this.follow(target, step, end);
  }

  private async follow(target: Target, step: NextStep, end: CallFailure): Promise<void> {
    const { request, runtime } = this.exchange;
    if (step.kind === 'give_up') throw new ProblemError(this.lastWord(target, end));
    if (step.kind === 'fall_back') {
      this.advanceTo(step.to);
      return;
    }
    if (step.refreshSecret) {
      runtime.services.secrets.forget(target.secret);
      this.hasFreshSecret = true;
    }
    // The caller's leaving is seen by the call that follows.
    if (step.afterMs > 0)
      await sleep(step.afterMs, undefined, { signal: request.signal }).catch(() => undefined);
  }

  /** A 429 always says when to come back: upstream's own word, else the rest that the target was given. */
  private lastWord(target: Target, { problem: last }: CallFailure): Problem {
    if (last.status !== 429 || last.retryAfterMs !== undefined) return last;
    const { services } = this.exchange.runtime;
    const until = services.circuits.views().get(target.id)?.cooldown?.until;
    return { ...last, retryAfterMs: until === undefined ? 5000 : until - services.now() };
  }
}
