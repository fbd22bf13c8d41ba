/** A folder of evidence with the events that a test names. */
import type { DecisionEvent } from '../../lambda/audit/decision-event.ts';
import { openFileSink } from '../../lambda/audit/file-sink.ts';
import { aDecisionEvent } from './a-decision-event.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Each event is stored in the hour of its own timestamp, by one writer, in the order given. */
export async function anAuditFolder(
  events: readonly Partial<DecisionEvent>[],
  options: { readonly dir?: string; readonly writerId?: string } = {},
): Promise<string> {
  const dir = options.dir ?? (await temporaryFolder());
  let time = 0;
  const sink = await openFileSink({
    dir,
    writerId: options.writerId ?? 'writer',
    retentionDays: 36_500,
    now: () => time,
    log: () => undefined,
    sync: false,
  });
  for (const [index, fields] of events.entries()) {
    const event = aDecisionEvent({ event_id: `evt_${index + 1}`, ...fields });
    time = Date.parse(event.timestamp);
    await sink.append(event);
  }
  await sink.close();
  return dir;
}
