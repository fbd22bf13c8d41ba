/** `kt events checkpoint`: vouches for the ends of all chains now, or gives out the key that did. */
import { Command } from 'commander';
import { folderLake } from '../../lambda/audit/folder-lake.ts';
import { CheckpointKeyUnusable, openLocalSigner, readLocalSigner } from '../../lambda/audit/local-signer.ts';
import { keyIdOf, pemOfPublicKey, type Signer } from '../../lambda/audit/signature.ts';
import { addCheckpoint, type CheckpointedLake } from '../../lambda/audit/write-checkpoint.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import { digestKeyName } from '../events/digest-key-name.ts';
import { bucketOf, withBucket } from '../events/evidence-place.ts';
import { CommandFailure, count, PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface CheckpointOptions {
  readonly auditDir: string;
  readonly s3?: string;
  readonly kmsKey?: string;
  readonly publicKey: boolean;
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  $ kt events checkpoint
  $ kt events checkpoint --public-key > gateway.pem
  $ kt events checkpoint --s3 my-audit-bucket/audit --kms-key alias/audit
  $ kt events verify --public-key gateway.pem

The gateway writes one by itself soon after midnight (UTC) and when it ends. Keep a copy of the last one where the
gateway can't write: \`kt events verify --checkpoint FILE\` then finds that all of them were removed or made anew.
Evidence in a bucket is read and verified as a whole before anything is signed.

Exit codes: 0 written, or nothing to vouch for, 1 it can't be read or written, 2 evidence in the bucket has faults.`;

/** Makes the command. */
export function eventsCheckpointCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  now: () => number = Date.now,
): Command {
  return new Command('checkpoint')
    .description('sign where all chains end now, so that a removed end or a removed chain is found')
    .addOption(auditDirOption())
    .option('--s3 <bucket/prefix>', 'vouch for a bucket instead of a folder; needs --kms-key')
    .option('--kms-key <key>', 'sign with this key of AWS KMS (ECC_NIST_P256): its ARN, id or alias/…')
    .option('--public-key', 'print the public key as PEM, and write nothing', false)
    .option('--json', 'print what was written for scripts', false)
    .addHelpText('after', EXAMPLES)
    .action((options: CheckpointOptions) =>
      within(options, () =>
        options.publicKey ? printKey(options, terminal) : write(options, now(), terminal),
      ),
    );
}

async function within(options: CheckpointOptions, run: () => Promise<void>): Promise<void> {
  if (options.s3 !== undefined && options.kmsKey === undefined) {
    throw new CommandFailure(1, 'a bucket has no key of its own: name one of AWS KMS with --kms-key');
  }
  const told = (): Promise<void> => run().catch(refuse);
  if (options.s3 !== undefined) return withBucket(options.s3, told);
  return withFolder(options.auditDir, told);
}

async function write(options: CheckpointOptions, now: number, terminal: Terminal): Promise<void> {
  const lake = await lakeOf(options);
  // Kept, because the key is named in the end.
  let signing: Promise<Signer> | undefined;
  const signer = (): Promise<Signer> => (signing ??= signerOf(options));
  const digestKey = options.s3 === undefined ? await digestKeyName(options.auditDir, process.env) : null;
  const written = await addCheckpoint(lake, { signer, now, digestKey });
  if (options.json) terminal.out(`${JSON.stringify(written ?? null)}\n`);
  else if (written === undefined) terminal.out('no chain went on since the last checkpoint\n');
  else {
    const key = keyIdOf((await signer()).publicKey);
    terminal.out(`${written.path}: the ends of ${count(written.heads, 'chain')}, signed by key ${key}\n`);
  }
}

async function printKey(options: CheckpointOptions, terminal: Terminal): Promise<void> {
  const { auditDir: dir, kmsKey } = options;
  const signer = kmsKey === undefined ? await readLocalSigner(dir) : await signerOf(options);
  if (signer === undefined) {
    throw new CommandFailure(1, `${dir} has no key yet; the first checkpoint makes it: kt events checkpoint`);
  }
  terminal.out(pemOfPublicKey(signer.publicKey));
}

async function lakeOf({ auditDir, s3 }: CheckpointOptions): Promise<CheckpointedLake> {
  if (s3 === undefined) return folderLake(auditDir);
  const { s3Lake } = await import('../../lambda/audit/s3-lake.ts');
  return s3Lake(bucketOf(s3));
}

async function signerOf({ auditDir, kmsKey }: CheckpointOptions): Promise<Signer> {
  if (kmsKey === undefined) return openLocalSigner(auditDir);
  const { openKmsSigner } = await import('../../lambda/audit/kms-signer.ts');
  return openKmsSigner({ keyId: kmsKey });
}

function refuse(error: unknown): never {
  if (!(error instanceof Error)) throw error;
  const isKey = error instanceof CheckpointKeyUnusable || error.name === 'KmsKeyUnusable';
  if (isKey) throw new CommandFailure(1, error.message, { cause: error });
  if (error.name === 'EvidenceNotValid') throw new CommandFailure(2, error.message, { cause: error });
  throw error;
}
