/** Finds a decision event in the folder of evidence. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainedEvent } from '../../lambda/audit/decision-event.ts';
import { isEvidencePath } from '../../lambda/audit/lake-layout.ts';
import { readLines } from '../../lambda/audit/read-lines.ts';

/** Undefined when no file of the folder holds it. */
export async function readEvent(auditDir: string, eventId: string): Promise<ChainedEvent | undefined> {
  const files = (await readdir(auditDir, { recursive: true })).filter(isEvidencePath);
  for (const file of files) {
    for await (const lines of readLines(join(auditDir, file))) {
      for (const { bytes } of lines) {
        const event: unknown = JSON.parse(bytes.toString());
        if (isEvent(event) && event.event_id === eventId) return event;
      }
    }
  }
  return undefined;
}

/** The folder is written by this process alone: what names itself a decision event is one. */
function isEvent(value: unknown): value is ChainedEvent {
  return (
    typeof value === 'object' && value !== null && 'event_type' in value && value.event_type === 'decision'
  );
}
