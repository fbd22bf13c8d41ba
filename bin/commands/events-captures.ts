/** `kt events captures`: opens the redacted texts that a gateway kept, for whoever has its digest key. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { CAPTURES_FOLDER } from '../../lambda/audit/capture.ts';
import { isUnreadable, readCaptures, type UnreadableCapture } from '../../lambda/audit/read-captures.ts';
import type { Variables } from '../../lambda/config/local-environment.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import { captureText } from '../events/capture-text.ts';
import { nameOf, withEvidence, type EvidencePlace } from '../events/evidence-place.ts';
import { ownDigestKey } from '../events/own-digest-key.ts';
import { count, PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface CapturesOptions extends EvidencePlace {
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  $ kt events captures evt_01JBKXQ0000000000000000000
  $ kt events captures --json | jq .prompt
  $ kt events captures --s3 my-audit-bucket/captures req-1

Exit codes: 0 shown, 1 nothing to show, or some could not be opened.`;

/** Makes the command. */
export function eventsCapturesCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  variables: Variables = process.env,
): Command {
  return new Command('captures')
    .description('show the redacted texts that audit-logger.capture keeps, of one request or of all')
    .argument('[id]', 'the event_id or the request_id; default: all')
    .addOption(auditDirOption())
    .option('--s3 <bucket/prefix>', 'read the bucket instead of a folder')
    .option('--json', 'print one capture a line, as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action((id: string | undefined, options: CapturesOptions) => show(id, options, terminal, variables));
}

async function show(
  id: string | undefined,
  options: CapturesOptions,
  terminal: Terminal,
  variables: Variables,
): Promise<void> {
  const { auditDir, s3, json } = options;
  const place = { auditDir: join(auditDir, CAPTURES_FOLDER), ...(s3 !== undefined && { s3 }) };
  const closed: UnreadableCapture[] = [];
  let shown = 0;
  if (s3 !== undefined || (await hasCaptures(auditDir, place.auditDir))) {
    const digestKey = await ownDigestKey(auditDir, variables);
    await withEvidence(place, async (source) => {
      for await (const found of readCaptures({ source, digestKey, id })) {
        if (isUnreadable(found)) closed.push(found);
        else {
          shown += 1;
          terminal.out(json ? `${JSON.stringify(found)}\n` : captureText(found, terminal.paint));
        }
      }
    });
  }
  if (shown === 0) terminal.err(`no captures${id === undefined ? '' : ` of ${id}`} in ${nameOf(place)}\n`);
  tellClosed(closed, terminal);
  terminal.exit(shown === 0 || closed.length > 0 ? 1 : 0);
}

/** A gateway that keeps no texts makes no folder for them. */
async function hasCaptures(auditDir: string, dir: string): Promise<boolean> {
  await withFolder(auditDir, () => access(auditDir));
  return access(dir).then(
    () => true,
    () => false,
  );
}

const REASONS: Readonly<Record<UnreadableCapture['why'], string>> = {
  key: 'sealed under another digest key (set KEEPTRUSTS_DIGEST_KEY to it), or changed',
  form: 'no capture that this version knows, or a line that a crash tore',
};

function tellClosed(closed: readonly UnreadableCapture[], terminal: Terminal): void {
  for (const why of ['key', 'form'] as const) {
    const those = closed.filter((each) => each.why === why);
    const [first] = those;
    if (first === undefined) continue;
    const where = `${first.file}:${first.line}`;
    terminal.err(
      `${count(those.length, 'line')} could not be opened, the first at ${where}: ${REASONS[why]}\n`,
    );
  }
}
