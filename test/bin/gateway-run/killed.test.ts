/** A gateway that is killed under load: no caller holds a complete answer whose event is not on the disk. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startAimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import type { AimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import { parseEvent } from '../../../lambda/audit/read-events.ts';
import { verifyFolder } from '../../../lambda/audit/verify.ts';
import { FOUR_POLICIES, targetsAt } from '../../support/a-gateway.ts';
import { storedLines } from '../../support/stored-lines.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** 50 under `npm run test:law`. */
const KILLS = process.env['LAW_FACTOR'] === undefined ? 4 : 50;
const CALLERS = 8;

let upstream: AimlapiUpstream;
beforeAll(async () => {
  upstream = await startAimlapiUpstream({ record: false });
});
afterAll(() => upstream.close());

/** Starts a gateway, lets callers ask without pause, and kills it once so many answers are complete. */
async function killAfter(answers: number, config: string, dir: string): Promise<readonly string[]> {
  const args = ['bin/kt.js', 'gateway', 'run', '--listen', '127.0.0.1:0', '--policy-config', config];
  const child = spawn(process.execPath, [...args, '--audit-dir', dir], {
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { ...process.env, AIMLAPI_KEY: 'k' },
  });
  const complete: string[] = [];
  for await (const url of createInterface({ input: child.stdout })) {
    const caller = async (stream: boolean): Promise<void> => {
      for (;;) {
        const id = await ask(`${url}/chat/completions`, stream);
        if (id === undefined) return;
        complete.push(id);
        if (complete.length === answers) child.kill('SIGKILL');
      }
    };
    await Promise.all(Array.from({ length: CALLERS }, (_, index) => caller(index % 2 === 0)));
  }
  if (child.signalCode === null && child.exitCode === null) await once(child, 'exit');
  return complete;
}

/** The id of the event of a complete answer; undefined when there was none. */
async function ask(url: string, stream: boolean): Promise<string | undefined> {
  const body = JSON.stringify({ model: 'gpt-4o', stream, messages: [{ role: 'user', content: 'hello' }] });
  try {
    const headers = { 'content-type': 'application/json' };
    const reply = await fetch(url, { method: 'POST', headers, body });
    const text = await reply.text();
    const isComplete = stream ? text.trimEnd().endsWith('data: [DONE]') : text.endsWith('}');
    return reply.ok && isComplete ? (reply.headers.get('x-keeptrusts-event-id') ?? '') : undefined;
  } catch {
    return undefined;
  }
}

it(
  `a gateway that is killed ${KILLS} times has stored the event of every complete answer`,
  async () => {
    const dir = join(await temporaryFolder(), 'audit');
    const config = join(await temporaryFolder(), 'c.yaml');
    const pack = 'pack: {name: test, version: 1.2.3, enabled: true}\n';
    await writeFile(config, pack + targetsAt(upstream.url) + FOUR_POLICIES);
    const complete: string[] = [];
    for (let kill = 0; kill < KILLS; kill++)
      complete.push(...(await killAfter(1 + (kill % 12) * 23, config, dir)));
    const stored = new Set((await storedLines(dir)).map((line) => parseEvent(line)?.event_id));
    expect(complete.filter((id) => !stored.has(id))).toEqual([]);
    expect(complete.length).toBeGreaterThan(KILLS * 20);
    expect(await verifyFolder(dir)).toMatchObject({ ok: true, writers: KILLS });
  },
  KILLS * 30_000,
);
