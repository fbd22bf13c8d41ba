/** A sink of captures in memory, for tests that look at what would be stored. */
import type { Capture } from '../../lambda/audit/capture.ts';
import { captureQueue, type CaptureSink } from '../../lambda/audit/capture-sink.ts';

export interface KeptCaptures {
  readonly sink: CaptureSink;
  /** All of them once nothing waits, oldest first. */
  all(): Promise<readonly Capture[]>;
  /** The newest. */
  last(): Promise<Capture | undefined>;
}

/** Captures pass through JSON, as those that are stored do. */
export function keptCaptures(): KeptCaptures {
  const kept: Capture[] = [];
  const sink = captureQueue({
    store: async (lines) => {
      for (const { text } of lines) {
        const capture: unknown = JSON.parse(text);
        if (isCapture(capture)) kept.push(capture);
      }
    },
    most: 10,
    log: () => undefined,
  });
  const all = async (): Promise<readonly Capture[]> => {
    await sink.settled();
    return kept;
  };
  return { sink, all, last: async () => (await all()).at(-1) };
}

function isCapture(value: unknown): value is Capture {
  return typeof value === 'object' && value !== null && 'capture_version' in value;
}
