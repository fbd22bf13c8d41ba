/** The function that locks new objects of evidence: the stack's environment and the policy file's retention in. */
import { readFileSync } from 'node:fs';
import { s3ObjectLocks } from './audit/s3-object-locks.ts';
import { createSealHandler } from './aws-seal.ts';
import { BUNDLED_CONFIG, parseBundledConfig } from './config/bundled-config.ts';
import { readSealEnvironment } from './config/environment.ts';

const { audit } = parseBundledConfig(readFileSync(new URL(BUNDLED_CONFIG, import.meta.url), 'utf8'));
const { auditBucket: bucket, gatewayId, lockMode } = readSealEnvironment(process.env);
const writeLine = (line: string): void => void process.stdout.write(`${line}\n`);

export const handler = createSealHandler({
  locks: s3ObjectLocks({ bucket }),
  bucket,
  gatewayId,
  settings: { mode: lockMode, retentionDays: audit.retentionDays, now: Date.now },
  log: (level, message, fields) => writeLine(JSON.stringify({ level, message, ...fields })),
  writeLine,
});
