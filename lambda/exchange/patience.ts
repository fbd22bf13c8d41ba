/** How long a call of a target may go on: its deadline, the caller's presence, its first content. */
import type { GatewayRequest } from '../http/gateway-request.ts';

export type GivenUp = 'deadline' | 'first_token' | 'caller_gone' | 'answered';

/** Why a call was aborted, as its signal's reason. */
export class CallGivenUp extends Error {
  override readonly name = 'CallGivenUp';
  readonly why: GivenUp;
  constructor(why: GivenUp) {
    super(`the call of upstream was given up: ${why}`);
    this.why = why;
  }
}

export class Patience {
  private readonly controller = new AbortController();
  private readonly request: GatewayRequest;
  private readonly deadline: NodeJS.Timeout;
  private firstToken: NodeJS.Timeout | undefined;

  /**
   * @param remainingMs until the deadline.
   * @param firstTokenMs until the first content must have come; undefined for whole replies.
   */
  constructor(request: GatewayRequest, remainingMs: number, firstTokenMs: number | undefined) {
    this.request = request;
    this.deadline = setTimeout(() => this.giveUp('deadline'), Math.max(0, remainingMs));
    if (firstTokenMs !== undefined && firstTokenMs < remainingMs) {
      this.firstToken = setTimeout(() => this.giveUp('first_token'), firstTokenMs);
    }
    if (request.signal.aborted) this.leave();
    else request.signal.addEventListener('abort', this.leave);
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  sawContent(): void {
    clearTimeout(this.firstToken);
    this.firstToken = undefined;
  }

  /** Ends the call of upstream at once, if it is still going on. */
  giveUp(why: GivenUp): void {
    if (!this.controller.signal.aborted) this.controller.abort(new CallGivenUp(why));
  }

  /** To be called when the call is over. */
  release(): void {
    clearTimeout(this.deadline);
    clearTimeout(this.firstToken);
    this.request.signal.removeEventListener('abort', this.leave);
  }

  private readonly leave = (): void => this.giveUp('caller_gone');
}
