/** Says that spans are lost, once in a while: a collector that is down must not fill the log. */
import type { WriteLog } from './open-tracing.ts';

const INTERVAL_MS = 60_000;

/** @param now Milliseconds on a clock that never jumps. */
export function failureLog(log: WriteLog, now: () => number): (message: string, reason: string) => void {
  const said = new Map<string, { at: number; passedOver: number }>();
  return (message, reason) => {
    const last = said.get(message);
    if (last !== undefined && now() - last.at < INTERVAL_MS) {
      last.passedOver += 1;
      return;
    }
    said.set(message, { at: now(), passedOver: 0 });
    log('warn', message, { reason, not_logged_since: last?.passedOver ?? 0 });
  };
}
