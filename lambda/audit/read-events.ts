/** Reads stored events back from a folder of evidence. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isRecord } from '../config/canonical-json.ts';
import type { ChainedEvent } from './decision-event.ts';
import { isEvidencePath } from './lake-layout.ts';
import { readLines } from './read-lines.ts';

/**
 * The files of evidence by their paths within the folder, in order of day, hour and writer.
 * @param fromDay YYYY-MM-DD; earlier days are not looked at.
 */
export async function evidencePaths(dir: string, fromDay = ''): Promise<readonly string[]> {
  const days = (await readdir(dir)).filter((name) => name.startsWith('dt=') && name >= `dt=${fromDay}`);
  const paths = await Promise.all(
    days.map(async (day) => {
      const below = await readdir(join(dir, day), { recursive: true }).catch(() => []);
      return below.map((path) => `${day}/${path.replaceAll('\\', '/')}`);
    }),
  );
  return paths.flat().filter(isEvidencePath).sort();
}

/** Every event of the folder once, file by file. Lines that are no events are passed over: verification tells of them. */
export async function* readEvents(dir: string, paths?: readonly string[]): AsyncGenerator<ChainedEvent> {
  const seen = new Set<string>();
  for (const path of paths ?? (await evidencePaths(dir))) {
    for await (const lines of readLines(join(dir, path))) {
      for (const { bytes } of lines) {
        const event = parseEvent(bytes.toString());
        if (event === undefined || seen.has(event.event_id)) continue;
        seen.add(event.event_id);
        yield event;
      }
    }
  }
}

/** Undefined for a line that holds no decision event. */
export function parseEvent(line: string): ChainedEvent | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isDecisionEvent(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** What is stored as a decision event was made as one; the chain, not the reader, proves its fields. */
function isDecisionEvent(value: unknown): value is ChainedEvent {
  return isRecord(value) && value['event_type'] === 'decision' && typeof value['event_id'] === 'string';
}
