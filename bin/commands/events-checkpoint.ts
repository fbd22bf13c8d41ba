/** `kt events checkpoint`: vouches for the ends of all chains now, or gives out the key that did. */
import { Command } from 'commander';
import { CheckpointKeyUnusable, openLocalSigner, readLocalSigner } from '../../lambda/audit/local-signer.ts';
import { keyIdOf, pemOfPublicKey } from '../../lambda/audit/signature.ts';
import { writeCheckpoint } from '../../lambda/audit/write-checkpoint.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import { digestKeyName } from '../events/digest-key-name.ts';
import { CommandFailure, count, PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface CheckpointOptions {
  readonly auditDir: string;
  readonly publicKey: boolean;
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  $ kt events checkpoint
  $ kt events checkpoint --public-key > gateway.pem
  $ kt events verify --public-key gateway.pem

The gateway writes one by itself soon after midnight (UTC) and when it ends. Keep a copy of the last one where the
gateway can't write: \`kt events verify --checkpoint FILE\` then finds that all of them were removed or made anew.`;

/** Makes the command. */
export function eventsCheckpointCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  now: () => number = Date.now,
): Command {
  return new Command('checkpoint')
    .description('sign where all chains end now, so that a removed end or a removed chain is found')
    .addOption(auditDirOption())
    .option('--public-key', 'print the public key of the folder as PEM, and write nothing', false)
    .option('--json', 'print what was written for scripts', false)
    .addHelpText('after', EXAMPLES)
    .action((options: CheckpointOptions) =>
      withFolder(options.auditDir, () =>
        (options.publicKey ? printKey(options.auditDir, terminal) : write(options, now(), terminal)).catch(
          refuseKey,
        ),
      ),
    );
}

async function write({ auditDir: dir, json }: CheckpointOptions, now: number, terminal: Terminal) {
  const signer = () => openLocalSigner(dir);
  const digestKey = await digestKeyName(dir, process.env);
  const written = await writeCheckpoint({ dir, signer, now, digestKey });
  if (json) terminal.out(`${JSON.stringify(written ?? null)}\n`);
  else if (written === undefined) terminal.out('no chain went on since the last checkpoint\n');
  else {
    const { publicKey } = await signer();
    terminal.out(
      `${written.path}: the ends of ${count(written.heads, 'chain')}, signed by key ${keyIdOf(publicKey)}\n`,
    );
  }
}

async function printKey(dir: string, terminal: Terminal): Promise<void> {
  const signer = await readLocalSigner(dir);
  if (signer === undefined) {
    throw new CommandFailure(1, `${dir} has no key yet; the first checkpoint makes it: kt events checkpoint`);
  }
  terminal.out(pemOfPublicKey(signer.publicKey));
}

function refuseKey(error: unknown): never {
  if (error instanceof CheckpointKeyUnusable) throw new CommandFailure(1, error.message, { cause: error });
  throw error;
}
