/** `kt events verify`: proves that stored events are as they were written, or says where they are not. */
import { Command } from 'commander';
import type { Progress, Verification } from '../../lambda/audit/verification.ts';
import { verifyFolder } from '../../lambda/audit/verify.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import { count, PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface VerifyOptions {
  readonly auditDir: string;
  readonly json: boolean;
}

const SHOWN_FAULTS = 50;
const PROGRESS_MS = 500;

const EXAMPLES = `
Examples:
  $ kt events verify
  $ kt events verify --audit-dir /backup/audit --json | jq .faults

Exit codes: 0 no fault (duplicates and a last line torn by a crash are none), 1 the folder can't be read, 2 faults.`;

/** Makes the command. */
export function eventsVerifyCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  now: () => number = () => performance.now(),
): Command {
  return new Command('verify')
    .description(
      'check the hash chain of every writer: edits, removals, insertions and reorderings are found',
    )
    .addOption(auditDirOption())
    .option('--json', 'print the result for scripts', false)
    .addHelpText('after', EXAMPLES)
    .action(({ auditDir, json }: VerifyOptions) =>
      withFolder(auditDir, async () => {
        const found = await verifyFolder(auditDir, progressOn(terminal, now));
        terminal.out(json ? `${JSON.stringify(found, null, 2)}\n` : describe(found, auditDir, terminal));
        terminal.exit(found.ok ? 0 : 2);
      }),
    );
}

/** Short folders are read before anything needs to be said. */
function progressOn(terminal: Terminal, now: () => number): (progress: Progress) => void {
  let next = now() + PROGRESS_MS;
  return ({ files, of, events }) => {
    if (now() < next) return;
    next = now() + PROGRESS_MS;
    terminal.err(`${count(events, 'event')} read, file ${Math.min(files + 1, of)} of ${of}\n`);
  };
}

function describe(found: Verification, dir: string, { paint }: Terminal): string {
  const extent = `${count(found.events, 'event')} of ${count(found.writers, 'writer')} in ${count(found.files, 'file')}`;
  const faults = found.faults.slice(0, SHOWN_FAULTS).map(({ kind, file, line, event_id: id, message }) => {
    const where = `${file}:${line}`;
    return `${paint('red', kind.padEnd(11))} ${where}${id === null ? '' : `  ${id}`}\n            ${message}\n`;
  });
  const more = found.fault_count - faults.length;
  return [
    ...faults,
    more > 0 ? `and ${count(more, 'further fault')}; --json names up to 1000\n` : '',
    ...found.recovered.map(
      ({ file, line, event_id: id }) =>
        `${paint('yellow', 'recovered  ')} ${file}:${line}\n            ${id === null ? 'a crash tore this line before it counted as stored' : `the line end of ${id} is missing, the event is whole`}\n`,
    ),
    found.duplicates > 0 ? `${count(found.duplicates, 'duplicate')}, no fault\n` : '',
    found.ok
      ? `${paint('green', 'ok')}  ${dir}: ${extent}, every chain is whole\n`
      : `${paint('red', 'not valid')}  ${dir}: ${extent}, ${count(found.fault_count, 'fault')}\n`,
  ].join('');
}
