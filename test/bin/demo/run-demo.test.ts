import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { runDemo } from '../../../bin/demo/run-demo.ts';
import { STEPS, type Outcome } from '../../../bin/demo/steps.ts';
import { eventLine, showMarkers, verificationLines } from '../../../bin/demo/tell.ts';
import { aTerminal } from '../../support/a-terminal.ts';

const demoFolders = async (): Promise<number> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith('kt-demo-')).length;

describe('the demo', () => {
  it('shows every step as claimed, verifies its evidence, and leaves nothing behind', async () => {
    const before = await demoFolders();
    const terminal = aTerminal();
    await runDemo({ once: true, port: 0, tokenDelayMs: 0 }, terminal, () => Promise.resolve());
    const { out } = terminal.written;
    for (const { title } of STEPS) expect(out).toContain(title);
    expect(out).not.toContain('✗');
    expect(out).toContain('5 events in 1 chain');
    expect(out).not.toContain('Your turn');
    expect(await demoFolders()).toBe(before);
  });

  it('stays up after the tour, with a line to try that works', async () => {
    const terminal = aTerminal();
    let answer = '';
    await runDemo({ once: false, port: 0, tokenDelayMs: 0 }, terminal, async () => {
      const [, url = '', body = ''] =
        /curl (\S+) -H 'Content-Type: application\/json' \\\n\s+-d '([^']+)'/.exec(terminal.written.out) ??
        [];
      const reply = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      answer = await reply.text();
    });
    expect(answer).toContain('[EMAIL_REDACTED]');
  });
});

describe('the tour’s claims', () => {
  const nothing: Outcome = {
    status: 502,
    eventId: '',
    target: '',
    text: 'ada@ 4111',
    pieces: [],
    code: '',
    message: '',
    asked: ['ada@example.org'],
    event: undefined,
  };

  it.each(STEPS.map((step) => [step.title, step] as const))(
    'of "%s" do not hold of a gateway that fails',
    (_title, step) => {
      expect(step.claims(nothing).filter(({ holds }) => holds)).toEqual([]);
    },
  );
});

describe('what is told', () => {
  const paint = (format: string, text: string): string => `<${format}>${text}</>`;

  it('points out markers', () => {
    expect(showMarkers(paint, 'a [EMAIL_REDACTED] b')).toBe('a <yellow>[EMAIL_REDACTED]</> b');
  });

  it('says when no event was left', () => {
    expect(eventLine(paint, undefined)).toContain('<red>none was left</>');
  });

  it('says when evidence does not verify', () => {
    const result = {
      ok: false,
      files: 1,
      events: 2,
      writers: 1,
      duplicates: 0,
      recovered: [],
      faults: [],
      fault_count: 3,
      notices: [],
      notice_count: 0,
      vouching: { checkpoints: 0, last_at: null, keys: [] },
    };
    expect(verificationLines(paint, result)).toContain('<red>3 faults in 2 events</>');
  });
});
