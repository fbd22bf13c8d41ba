/** `kt events verify`: proves that stored events are as they were written, or says where they are not. */
import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import type { Trust } from '../../lambda/audit/check-checkpoints.ts';
import { publicKeyOfPem } from '../../lambda/audit/signature.ts';
import type { Progress } from '../../lambda/audit/verification.ts';
import { verifyEvidence } from '../../lambda/audit/verify.ts';
import { collect } from '../config-facts.ts';
import { auditDirOption } from '../events/audit-folder.ts';
import { nameOf, withEvidence } from '../events/evidence-place.ts';
import { verificationText } from '../events/verification-text.ts';
import { CommandFailure, count, PROCESS_TERMINAL, systemCode, type Terminal } from '../terminal.ts';

interface VerifyOptions {
  readonly auditDir: string;
  readonly s3?: string;
  readonly publicKey?: readonly string[];
  readonly checkpoint?: readonly string[];
  readonly json: boolean;
}

const PROGRESS_MS = 500;

const EXAMPLES = `
Examples:
  $ kt events verify
  $ kt events verify --audit-dir /backup/audit --json | jq .faults
  $ kt events verify --s3 my-audit-bucket/audit
  $ kt events verify --public-key gateway.pem --checkpoint last-month.json

Exit codes: 0 no fault (duplicates and a last line torn by a crash are none), 1 the evidence can't be read, 2 faults.`;

/** Makes the command. */
export function eventsVerifyCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  now: () => number = () => performance.now(),
): Command {
  return new Command('verify')
    .description('check chains and checkpoints: edits, removals, insertions and reorderings are found')
    .addOption(auditDirOption())
    .option('--s3 <bucket/prefix>', 'read the bucket instead of a folder; whole objects are downloaded')
    .option(
      '--public-key <file>',
      'PEM of a key that may sign checkpoints, no other may; repeatable',
      collect,
    )
    .option('--checkpoint <file>', 'a checkpoint that was kept elsewhere; repeatable', collect)
    .option('--json', 'print the result for scripts', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: VerifyOptions) => {
      const trust = await readTrust(options);
      const onProgress = progressOn(terminal, now);
      const { heads: _, ...found } = await withEvidence(options, (source) =>
        verifyEvidence(source, { trust, onProgress }),
      );
      terminal.out(
        options.json
          ? `${JSON.stringify(found, null, 2)}\n`
          : verificationText(found, nameOf(options), terminal.paint),
      );
      terminal.exit(found.ok ? 0 : 2);
    });
}

async function readTrust({ publicKey = [], checkpoint = [] }: VerifyOptions): Promise<Trust> {
  const read = (path: string): Promise<string> =>
    readFile(path, 'utf8').catch((error: unknown) => {
      throw new CommandFailure(1, `cannot read ${path}: ${systemCode(error) ?? 'unknown'}`, { cause: error });
    });
  const pems = await Promise.all(publicKey.map(async (path) => keyOf(path, await read(path))));
  return { publicKeys: pems, anchors: await Promise.all(checkpoint.map(read)) };
}

function keyOf(path: string, pem: string): string {
  try {
    return publicKeyOfPem(pem);
  } catch (error) {
    const hint = 'kt events checkpoint --public-key prints the right one';
    throw new CommandFailure(1, `${path} holds no public key in PEM; ${hint}`, { cause: error });
  }
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
