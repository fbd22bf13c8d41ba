/** The function that signs a checkpoint of the bucket each day: the stack's environment and the policy file's retention in. */
import { readFileSync } from 'node:fs';
import { openKmsSigner } from './audit/kms-signer.ts';
import { s3Lake } from './audit/s3-lake.ts';
import type { Signer } from './audit/signature.ts';
import { createCheckpointHandler } from './aws-checkpoint.ts';
import { BUNDLED_CONFIG, parseBundledConfig } from './config/bundled-config.ts';
import { readCheckpointEnvironment } from './config/environment.ts';

const { audit } = parseBundledConfig(readFileSync(new URL(BUNDLED_CONFIG, import.meta.url), 'utf8'));
const { auditBucket, gatewayId, lockMode, checkpointKey } = readCheckpointEnvironment(process.env);
const writeLine = (line: string): void => void process.stdout.write(`${line}\n`);
const signer = (): Promise<Signer> => openKmsSigner({ keyId: checkpointKey });

export const handler = createCheckpointHandler({
  lake: s3Lake({
    bucket: auditBucket,
    prefix: 'audit/',
    since: async () => (await signer()).publicKey,
    lock: { mode: lockMode, days: audit.retentionDays, now: Date.now },
  }),
  signer,
  gatewayId,
  now: Date.now,
  log: (level, message, fields) => writeLine(JSON.stringify({ level, message, ...fields })),
  writeLine,
});
