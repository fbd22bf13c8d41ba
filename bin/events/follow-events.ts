/** The last events of an audit folder, and those that come. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ChainedEvent } from '../../lambda/audit/decision-event.ts';
import { evidencePaths, parseEvent, readEvents } from '../../lambda/audit/read-events.ts';
import { readLines } from '../../lambda/audit/read-lines.ts';

/** How far each file was read, in bytes. */
export type Offsets = Map<string, number>;

export type Wanted = (event: ChainedEvent) => boolean;

/** The last events that are wanted, oldest first; hours are read from the latest back until there are enough. */
export async function lastEvents(
  dir: string,
  count: number,
  isWanted: Wanted,
): Promise<readonly ChainedEvent[]> {
  const hours = Map.groupBy(await evidencePaths(dir), (path) => path.slice(0, path.lastIndexOf('/')));
  let found: readonly ChainedEvent[] = [];
  for (const paths of [...hours.values()].toReversed()) {
    if (found.length >= count) break;
    const ofHour: ChainedEvent[] = [];
    for await (const event of readEvents(dir, paths)) if (isWanted(event)) ofHour.push(event);
    found = [...byTime(ofHour), ...found];
  }
  return count === 0 ? [] : found.slice(-count);
}

/** Where all files end now; what comes after is new. */
export async function endOffsets(dir: string): Promise<Offsets> {
  const offsets: Offsets = new Map();
  for (const path of await evidencePaths(dir)) offsets.set(path, (await stat(join(dir, path))).size);
  return offsets;
}

/** The events that were written since, by time; moves the offsets. Lines that are not yet whole wait. */
export async function newEvents(
  dir: string,
  offsets: Offsets,
  isWanted: Wanted,
): Promise<readonly ChainedEvent[]> {
  const latestDay = [...offsets.keys()]
    .map((path) => path.slice(3, 13))
    .sort()
    .at(-1);
  const found: ChainedEvent[] = [];
  for (const path of await evidencePaths(dir, latestDay)) {
    let offset = offsets.get(path) ?? 0;
    for await (const lines of readLines(join(dir, path), offset)) {
      for (const { bytes, isEnded } of lines) {
        if (!isEnded) continue;
        offset += bytes.length + 1;
        const event = parseEvent(bytes.toString());
        if (event !== undefined && isWanted(event)) found.push(event);
      }
    }
    offsets.set(path, offset);
  }
  return byTime(found);
}

function byTime(events: readonly ChainedEvent[]): readonly ChainedEvent[] {
  return events.toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0));
}
