/** The daily checkpoint on AWS: verifies what came since the last one, signs where all chains end, and tells of it. */
import { metricLine } from './audit/embedded-metrics.ts';
import { EvidenceNotValid } from './audit/s3-lake.ts';
import type { Signer } from './audit/signature.ts';
import { addCheckpoint, type CheckpointedLake } from './audit/write-checkpoint.ts';
import type { Log } from './services.ts';

export interface CheckpointOptions {
  readonly lake: CheckpointedLake;
  readonly signer: () => Promise<Signer>;
  readonly gatewayId: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  /** Takes one line of metrics, without its end. */
  readonly writeLine: (line: string) => void;
}

/**
 * Gives the handler. Started twice, it writes one checkpoint: the second start finds nothing new. It rejects when the
 * evidence has faults or can't be read, so that Lambda tries again and keeps the event in the dead-letter queue in
 * the end.
 */
export function createCheckpointHandler(options: CheckpointOptions): () => Promise<void> {
  const { lake, signer, gatewayId, now, log, writeLine } = options;
  const count = (checkpoints: number): void => {
    const sets = [{ dimensions: [['Gateway']], metrics: { Checkpoints: 'Count' as const } }];
    writeLine(metricLine({ now: now(), sets, values: { Gateway: gatewayId, Checkpoints: checkpoints } }));
  };
  return async () => {
    try {
      const written = await addCheckpoint(lake, { signer, now: now(), digestKey: null });
      if (written === undefined) log('info', 'no chain went on since the last checkpoint', {});
      else log('info', 'checkpoint written', { path: written.path, chains: written.heads });
      count(written === undefined ? 0 : 1);
    } catch (error) {
      const isFault = error instanceof EvidenceNotValid;
      const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
      log('error', isFault ? 'the evidence has faults' : 'no checkpoint could be written', { reason });
      throw error;
    }
  };
}
