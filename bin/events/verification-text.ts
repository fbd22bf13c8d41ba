/** A verification of evidence, told to people. */
import type { Notice, Place, Verification } from '../../lambda/audit/verification.ts';
import { count, type Paint } from '../terminal.ts';

const SHOWN = 50;
const INDENT = ' '.repeat(12);

/** Faults first, then what else there is to know, the outcome last. */
export function verificationText(found: Verification, place: string, paint: Paint): string {
  const faults = found.faults
    .slice(0, SHOWN)
    .map(({ kind, message, ...where }) => item(paint('red', kind.padEnd(11)), where, message));
  const notices = found.notices
    .slice(0, SHOWN)
    .map(({ kind, message, ...where }: Notice) => item(paint('yellow', kind.padEnd(11)), where, message));
  return [
    ...faults,
    more(found.fault_count - faults.length, 'further fault'),
    ...found.recovered.map((where) => item(paint('yellow', 'recovered  '), where, recoveredText(where))),
    ...notices,
    more(found.notice_count - notices.length, 'further notice'),
    found.duplicates > 0 ? `${count(found.duplicates, 'duplicate')}, no fault\n` : '',
    vouchingText(found),
    outcomeText(found, place, paint),
  ].join('');
}

function item(head: string, { file, line, event_id: id }: Place, message: string): string {
  const where = line === null ? file : `${file}:${line}`;
  return `${head} ${where}${id === null ? '' : `  ${id}`}\n${INDENT}${message}\n`;
}

function more(number: number, what: string): string {
  return number > 0 ? `and ${count(number, what)}; --json names up to 1000\n` : '';
}

function recoveredText({ event_id: id }: Place): string {
  return id === null
    ? 'a crash tore this line before it counted as stored'
    : `the line end of ${id} is missing, the event is whole`;
}

function vouchingText({ vouching: { checkpoints, last_at: lastAt, keys } }: Verification): string {
  if (lastAt === null) {
    return 'no checkpoint: a removed end of a chain, or a whole chain, would not show; kt events checkpoint makes one\n';
  }
  return `${count(checkpoints, 'checkpoint')}, the last of ${lastAt}, signed by ${keys.join(', ')}\n`;
}

function outcomeText(found: Verification, place: string, paint: Paint): string {
  const extent = `${count(found.events, 'event')} of ${count(found.writers, 'writer')} in ${count(found.files, 'file')}`;
  return found.ok
    ? `${paint('green', 'ok')}  ${place}: ${extent}, every chain is whole\n`
    : `${paint('red', 'not valid')}  ${place}: ${extent}, ${count(found.fault_count, 'fault')}\n`;
}
