/** Reads an upstream's stream step by step: what to send now, or that it is silent, over, or broken. */
import type { StreamRelay } from '../relay/stream-relay.ts';
import type { UpstreamReply } from '../upstream/upstream-call.ts';

export type StreamStep =
  | { readonly kind: 'text'; readonly text: string }
  /** Nothing came within the time asked for. */
  | { readonly kind: 'silent' }
  /** The reply is complete; `text` is the rest but for its tail. */
  | { readonly kind: 'end'; readonly text: string }
  /** The relay found a fault; `text` was judged before it. */
  | { readonly kind: 'fault'; readonly text: string }
  /** Upstream ended without saying that the reply is complete. */
  | { readonly kind: 'cut' };

const SILENT = Symbol('silent');

/** How long a reply that is over may take to end its connection's exchange in order. */
const GRACE_MS = 250;

/** How long the last words of a choice wait after its finish reason for a chunk that would go on with them. */
const DOUBT_MS = 500;

export class StreamSession {
  readonly relay: StreamRelay;
  private readonly source: AsyncIterator<Uint8Array>;
  private pending: Promise<IteratorResult<Uint8Array>> | undefined;

  constructor(reply: UpstreamReply, relay: StreamRelay) {
    this.relay = relay;
    this.source = reply.body[Symbol.asyncIterator]();
  }

  /** Throws what the upstream's body throws: ConnectionFailure, or the signal's reason. */
  async next(waitMs: number): Promise<StreamStep> {
    this.pending ??= this.source.next();
    const { relay } = this;
    const result = await orSilence(this.pending, this.patience(waitMs));
    if (result === SILENT) return this.silence();
    this.pending = undefined;
    const text = result.done === true ? relay.end() : relay.push(result.value);
    const { progress, isOver } = relay;
    if (progress.fault !== undefined) return { kind: 'fault', text };
    if (result.done === true) return progress.isComplete ? { kind: 'end', text } : { kind: 'cut' };
    return isOver ? { kind: 'end', text: text + relay.end() } : { kind: 'text', text };
  }

  private patience(waitMs: number): number {
    if (this.relay.hasTail) return GRACE_MS;
    return this.relay.isInDoubt ? Math.min(waitMs, DOUBT_MS) : waitMs;
  }

  private silence(): StreamStep {
    const { relay } = this;
    if (relay.hasTail) return { kind: 'end', text: relay.end() };
    if (!relay.isInDoubt) return { kind: 'silent' };
    const text = relay.settle();
    return { kind: relay.progress.fault === undefined ? 'text' : 'fault', text };
  }

  /** Waits for a complete reply to end its exchange, so that the connection can be kept; false when it does not. */
  async hasEnded(): Promise<boolean> {
    try {
      this.pending ??= this.source.next();
      const last = await orSilence(this.pending, GRACE_MS);
      return last !== SILENT && last.done === true;
    } catch {
      // The caller has its whole answer: how the connection broke afterwards changes nothing.
      return true;
    }
  }

  /** Leaves at once: the connection is closed, nothing is drained. */
  async leave(): Promise<void> {
    await this.source.return?.();
  }
}

function orSilence<T>(promise: Promise<T>, waitMs: number): Promise<T | typeof SILENT> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => resolve(SILENT), waitMs);
    promise.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
