/** What reading a request's body throws when the body can't be had whole. */

/** `too_slow`: not there in time; `malformed`: its framing broke HTTP's rules; `closed`: the caller went away. */
export type BodyFailureReason = 'too_slow' | 'malformed' | 'closed';

/** The body of a request ended before it was complete. */
export class RequestBodyFailure extends Error {
  override readonly name = 'RequestBodyFailure';
  readonly reason: BodyFailureReason;
  constructor(reason: BodyFailureReason) {
    super(`the request's body did not arrive whole: ${reason}`);
    this.reason = reason;
  }
}
