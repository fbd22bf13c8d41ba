/** A process that dies under load: every event it had confirmed is on the disk, and the chain verifies. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it } from 'vitest';
import { parseEvent } from '../../../lambda/audit/read-events.ts';
import { verifyFolder } from '../../../lambda/audit/verify.ts';
import { storedLines } from '../../support/stored-lines.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Appends from eight loops at once and writes the id of each confirmed event to stdout. */
const LOAD = `
  import { writeSync } from 'node:fs';
  import { openFileSink } from './lambda/audit/file-sink.ts';
  import { aDecisionEvent } from './test/support/a-decision-event.ts';
  const [dir, writerId] = process.argv.slice(1);
  const sink = await openFileSink({ dir, writerId, retentionDays: 90, now: Date.now, log: () => {} });
  let count = 0;
  const loop = async () => {
    for (;;) {
      const event_id = \`evt_\${writerId}_\${++count}\`;
      await sink.append(aDecisionEvent({ event_id }));
      writeSync(1, \`\${event_id}\\n\`);
    }
  };
  await Promise.all(Array.from({ length: 8 }, loop));
`;

/** Kills the process once it has confirmed that many events; gives back all that it confirmed. */
async function killAfter(confirmations: number, dir: string, writerId: string): Promise<readonly string[]> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', LOAD, dir, writerId], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const confirmed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    confirmed.push(line);
    if (confirmed.length === confirmations) child.kill('SIGKILL');
  }
  if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
  return confirmed;
}

describe('a process that is killed', () => {
  it('has stored all that it confirmed', async () => {
    const dir = await temporaryFolder();
    const confirmed: string[] = [];
    for (const [index, confirmations] of [1, 60, 301].entries()) {
      confirmed.push(...(await killAfter(confirmations, dir, `w${index}`)));
    }
    const stored = new Set((await storedLines(dir)).map((line) => parseEvent(line)?.event_id));
    expect(confirmed.filter((id) => !stored.has(id))).toEqual([]);
    expect(confirmed.length).toBeGreaterThanOrEqual(362);
    expect(await verifyFolder(dir)).toMatchObject({ ok: true, writers: 3 });
  });
});
