/** What the doctor looks at, and what it says of it. */

export interface Check {
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed';
  /** What was seen, and what to do about it. */
  readonly detail: string;
  /** Milliseconds that it took, where that tells something. */
  readonly latency_ms?: number;
}

export const ok = (name: string, detail: string): Check => ({ name, state: 'ok', detail });
export const warning = (name: string, detail: string): Check => ({ name, state: 'warning', detail });
export const failed = (name: string, detail: string): Check => ({ name, state: 'failed', detail });
