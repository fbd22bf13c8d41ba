/** `kt events captures`: what a gateway on this machine kept can be read by whoever has its digest key, and by nobody else. */
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsCapturesCommand } from '../../bin/commands/events-captures.ts';
import { openCaptureFiles } from '../../lambda/audit/capture-files.ts';
import type { Capture } from '../../lambda/audit/capture.ts';
import { verifyFolder } from '../../lambda/audit/verify.ts';
import { aCapture } from '../support/a-capture.ts';
import { anAuditFolder } from '../support/an-audit-folder.ts';
import { recordingTerminal } from '../support/recording-terminal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KEY = 'a'.repeat(64);
const HOUR = 'captures/dt=2026-11-01/hr=10';

async function aFolderWith(captures: readonly Capture[], writerId = 'w'): Promise<string> {
  const auditDir = await anAuditFolder([{}]);
  const now = () => Date.UTC(2026, 10, 1, 10);
  const sink = openCaptureFiles({ auditDir, writerId, digestKey: KEY, now, log: () => undefined });
  await Promise.all(captures.map((capture) => sink.keep(capture.event_id, () => capture)));
  return auditDir;
}

async function run(dir: string, args: readonly string[] = [], key: string | undefined = KEY) {
  const terminal = recordingTerminal();
  const variables = { KEEPTRUSTS_DIGEST_KEY: key };
  await eventsCapturesCommand(terminal, variables).parseAsync(['--audit-dir', dir, ...args], {
    from: 'user',
  });
  return { stdout: terminal.stdout(), stderr: terminal.stderr(), exitCode: terminal.exitCode() };
}

const first = aCapture({ event_id: 'evt_1', request_id: 'req-1' });
const second = aCapture({
  event_id: 'evt_2',
  request_id: 'req-2',
  prompt: { withheld: 'blocked', texts: [] },
});

describe('kt events captures', () => {
  it('shows each text under its place', async () => {
    const { stdout, exitCode } = await run(await aFolderWith([first, second]));
    expect(stdout).toContain('prompt /messages/0/content, user, message');
    expect(stdout).toContain('    I am [EMAIL_REDACTED]\n');
    expect(stdout).toContain('  prompt: withheld: a policy blocked it\n');
    expect(exitCode).toBe(0);
  });

  it.each([
    ['event', 'evt_2'],
    ['request', 'req-2'],
  ])('shows those of one %s', async (_case, id) => {
    const { stdout } = await run(await aFolderWith([first, second]), [id, '--json']);
    expect(stdout).toBe(`${JSON.stringify(second)}\n`);
  });

  it('prints nothing that a terminal would obey', async () => {
    const text = 'red \u001b[31m and \u0007, \u202egnp.exe\nnext';
    const prompt = {
      withheld: null,
      texts: [{ lane: '/a', role: 'user', content: 'message', text }],
    } as const;
    const { stdout } = await run(await aFolderWith([aCapture({ prompt })]));
    expect(stdout).toContain('    red \ufffd[31m and \ufffd, \ufffdgnp.exe\n    next\n');
  });

  it('opens nothing with another key, and says so', async () => {
    const { stdout, stderr, exitCode } = await run(await aFolderWith([first, second]), [], 'b'.repeat(64));
    expect(stdout).toBe('');
    expect(stderr).toContain(`2 lines could not be opened, the first at dt=2026-11-01/hr=10/w.jsonl:1`);
    expect(exitCode).toBe(1);
  });

  it('shows what is left of a file that a crash tore, and says so', async () => {
    const dir = await aFolderWith([first, second]);
    const path = join(dir, HOUR, 'w.jsonl');
    await writeFile(path, (await readFile(path, 'utf8')).slice(0, -20));
    const { stdout, stderr } = await run(dir, ['--json']);
    expect(stdout).toBe(`${JSON.stringify(first)}\n`);
    expect(stderr).toContain('1 line could not be opened');
  });

  it.each([
    ['of nobody', ['evt_9'], 'no captures of evt_9 in '],
    ['at all', [], 'no captures in '],
  ])('says that there are none %s', async (_case, args, words) => {
    const dir = args.length === 0 ? await anAuditFolder([{}]) : await aFolderWith([first]);
    const { stderr, exitCode } = await run(dir, args);
    expect(stderr).toContain(words);
    expect(exitCode).toBe(1);
  });

  it('tells of a folder that is not there', async () => {
    await expect(run(join(await temporaryFolder(), 'none'))).rejects.toThrow(
      /cannot read .*: it is not there/,
    );
  });
});

describe('captures in a folder', () => {
  it('lie there sealed, for their owner alone', async () => {
    const dir = await aFolderWith([first]);
    const path = join(dir, HOUR, 'w.jsonl');
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(dir, 'captures'))).mode & 0o777).toBe(0o700);
    const stored = await readFile(path, 'utf8');
    expect(stored).not.toMatch(/REDACTED|user|req-1/);
    expect(JSON.parse(stored)).toMatchObject({ sealed: 'A256GCM', writer_id: 'w', event_id: 'evt_1' });
  });

  it.each(['event_id', 'writer_id', 'nonce', 'data'])(
    'do not open when their %s is changed',
    async (field) => {
      const dir = await aFolderWith([first, second]);
      const path = join(dir, HOUR, 'w.jsonl');
      const [sealed = '', ...others] = (await readFile(path, 'utf8')).split('\n');
      const value = `"${field}":"${field === 'data' || field === 'nonce' ? 'AAAA'.repeat(16) : 'evt_3'}"`;
      const changed = sealed.replace(new RegExp(`"${field}":"[^"]+"`), value);
      await writeFile(path, [changed, ...others].join('\n'));
      const { stdout, stderr } = await run(dir, ['--json']);
      expect(stdout).toBe(`${JSON.stringify(second)}\n`);
      expect(stderr).toContain('1 line could not be opened');
    },
  );

  it('are no evidence: verification does not look at them', async () => {
    const dir = await aFolderWith([first]);
    await writeFile(join(dir, HOUR, 'w.jsonl'), 'no capture at all\n');
    expect(await readdir(dir)).toContain('captures');
    expect(await verifyFolder(dir)).toMatchObject({ ok: true, files: 1, events: 1, faults: [] });
  });
});
