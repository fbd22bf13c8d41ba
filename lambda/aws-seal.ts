/** The sealing of evidence: what EventBridge says of new objects, and the daily look for what was missed. */
import { metricLine } from './audit/embedded-metrics.ts';
import type { ObjectLocks, ObjectVersion } from './audit/object-locks.ts';
import { type Sealing, type SealSettings, sealObject } from './audit/seal-object.ts';
import { sweepUnsealed } from './audit/sweep-unsealed.ts';
import { isMapping, mappingOf, textOf } from './config/tree.ts';
import type { Log } from './services.ts';

export interface SealOptions {
  readonly locks: ObjectLocks;
  readonly bucket: string;
  readonly gatewayId: string;
  readonly settings: SealSettings;
  readonly log: Log;
  /** Takes one line of metrics, without its end. */
  readonly writeLine: (line: string) => void;
}

/** Where evidence lies within the bucket. */
const EVIDENCE_PREFIX = 'audit/';
const MOST_SWEPT_DAYS = 36_500;

type Task = { readonly object: ObjectVersion } | { readonly sweepDays: number };

/**
 * Gives the handler. It rejects when an object could not be sealed, so that Lambda tries again and keeps the event
 * in the dead-letter queue in the end.
 */
export function createSealHandler(options: SealOptions): (event: unknown) => Promise<void> {
  return async (event) => {
    const task = taskOf(event, options.bucket);
    if ('object' in task) {
      const sealing = await sealObject(options.locks, task.object, options.settings);
      tell(options, task.object, sealing);
      count(options, { SealedObjects: 1 });
    } else {
      await sweep(options, task.sweepDays);
    }
  };
}

async function sweep(options: SealOptions, days: number): Promise<void> {
  const { locks, settings, log } = options;
  const result = await sweepUnsealed({
    locks,
    settings,
    prefix: EVIDENCE_PREFIX,
    days,
    onUnsealed: (object, found) => {
      if (!(found instanceof Error)) return tell(options, object, found);
      log('error', 'an object could not be sealed', { key: object.key, reason: found.name });
    },
  });
  log('info', 'looked for unsealed objects', { days, ...result });
  count(options, { SweptObjects: result.looked, UnsealedObjects: result.unsealed });
  if (result.failed > 0) {
    throw new Error(`${result.failed} of ${result.unsealed} unsealed objects could not be sealed`);
  }
}

function tell({ log }: SealOptions, { key, versionId }: ObjectVersion, sealing: Sealing): void {
  const { outcome, unreadable } = sealing;
  const until = new Date(sealing.until).toISOString();
  const fields = { key, versionId: versionId ?? null, outcome, until, unreadable };
  log(unreadable > 0 ? 'warn' : 'info', 'sealing', fields);
}

function count({ settings, gatewayId, writeLine }: SealOptions, values: Record<string, number>): void {
  const metrics = Object.fromEntries(Object.keys(values).map((name) => [name, 'Count' as const]));
  const sets = [{ dimensions: [['Gateway']], metrics }];
  writeLine(metricLine({ now: settings.now(), sets, values: { Gateway: gatewayId, ...values } }));
}

/** @throws Error for an event that no rule of the stack sends. */
function taskOf(event: unknown, bucket: string): Task {
  const root = mappingOf(event);
  const { sweep: wanted } = root;
  if (isMapping(wanted)) {
    const { days } = wanted;
    const isDays = typeof days === 'number' && Number.isInteger(days) && days >= 1 && days <= MOST_SWEPT_DAYS;
    if (isDays) return { sweepDays: days };
    throw new Error(`sweep.days must be a whole number from 1 to ${MOST_SWEPT_DAYS}`);
  }
  const detail = mappingOf(root['detail']);
  const key = textOf(mappingOf(detail['object'])['key']);
  const versionId = textOf(mappingOf(detail['object'])['version-id']);
  const from = textOf(mappingOf(detail['bucket'])['name']);
  if (key === undefined || from !== bucket || !key.startsWith(EVIDENCE_PREFIX)) {
    throw new Error(
      `this function seals new versions under ${EVIDENCE_PREFIX} of ${bucket}; the event names another, or none`,
    );
  }
  return { object: { key, ...(versionId !== undefined && { versionId }) } };
}
