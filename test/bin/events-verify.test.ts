/** `kt events verify`: exit code and words of a whole, a changed, a torn and a missing folder. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { eventsVerifyCommand } from '../../bin/commands/events-verify.ts';
import { anAuditFolder } from '../support/an-audit-folder.ts';
import { recordingTerminal } from '../support/recording-terminal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

async function verify(dir: string, args: readonly string[] = [], now = () => 0) {
  const terminal = recordingTerminal();
  await eventsVerifyCommand(terminal, now).parseAsync(['--audit-dir', dir, ...args], { from: 'user' });
  return terminal;
}

const FILE = 'dt=2026-11-01/hr=10/writer.jsonl';

async function changed(change: (text: string) => string): Promise<string> {
  const dir = await anAuditFolder([{}, {}, {}]);
  const path = join(dir, FILE);
  await writeFile(path, change(await readFile(path, 'utf8')));
  return dir;
}

describe('kt events verify', () => {
  it('ends with 0 when every chain is whole', async () => {
    const { stdout, exitCode } = await verify(await anAuditFolder([{}, {}, {}]));
    expect(stdout()).toMatch(/<green>ok<\/green>.*: 3 events of 1 writer in 1 file, every chain is whole/);
    expect(exitCode()).toBe(0);
  });

  it('ends with 2 and names file, line and event of each fault', async () => {
    const { stdout, exitCode } = await verify(await changed((text) => text.replace('"allow"', '"block"')));
    expect(stdout()).toContain(`<red>altered    </red> ${FILE}:1  evt_1\n`);
    expect(stdout()).toMatch(/<red>not valid<\/red>.*: 2 events of 1 writer in 1 file, 1 fault\n$/);
    expect(exitCode()).toBe(2);
  });

  it('ends with 0 and tells of a last line that a crash tore', async () => {
    const { stdout, exitCode } = await verify(await changed((text) => text.slice(0, -20)));
    expect(stdout()).toContain(`<yellow>recovered  </yellow> ${FILE}:3\n`);
    expect(stdout()).toContain('a crash tore this line');
    expect(exitCode()).toBe(0);
  });

  it('tells of a whole event whose line end is missing', async () => {
    const { stdout } = await verify(await changed((text) => text.slice(0, -1)));
    expect(stdout()).toContain('the line end of evt_3 is missing');
  });

  it('ends with 0 and counts duplicates', async () => {
    const { stdout, exitCode } = await verify(await changed((text) => text + text));
    expect(stdout()).toContain('3 duplicates, no fault');
    expect(exitCode()).toBe(0);
  });

  it('shows fifty faults and says how many there are', async () => {
    const dir = await anAuditFolder([{}]);
    await appendFile(join(dir, FILE), 'x\n'.repeat(70));
    const { stdout } = await verify(dir);
    expect(stdout().match(/unreadable/g)).toHaveLength(50);
    expect(stdout()).toContain('and 20 further faults');
  });

  it('prints everything as JSON for scripts', async () => {
    const { stdout, exitCode } = await verify(await changed((text) => text.replace('"allow"', '"block"')), [
      '--json',
    ]);
    expect(JSON.parse(stdout())).toMatchObject({
      ok: false,
      events: 2,
      writers: 1,
      fault_count: 1,
      faults: [{ kind: 'altered', file: FILE, line: 1, event_id: 'evt_1' }],
    });
    expect(exitCode()).toBe(2);
  });

  it('tells its progress on stderr when it takes long', async () => {
    let time = 0;
    const { stderr, stdout } = await verify(await anAuditFolder([{}]), [], () => (time += 400));
    expect(stderr()).toMatch(/1 event read, file 1 of 1\n/);
    expect(stdout()).not.toContain('read, file');
  });

  it('says what to do when the folder is not there', async () => {
    const missing = join(await temporaryFolder(), 'audit');
    await expect(verify(missing)).rejects.toMatchObject({ exitCode: 1 });
    await expect(verify(missing)).rejects.toThrow(/--audit-dir/);
  });
});
