/** The key under which a gateway on this machine hashes texts for its events. */
import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CreateDigest } from '../audit/digest.ts';

/** Beside the events, so that whoever keeps them can compare their hashes; readable by its owner alone. */
export const DIGEST_KEY_FILE = '.digest-key';

const KEY_FORM = /^[0-9a-f]{64}$/;

/** The file holds something that is no key: to make a new one would silently part old hashes from new ones. */
export class DigestKeyUnusable extends Error {
  override readonly name = 'DigestKeyUnusable';
}

/** Reads the folder's key, or makes it: 32 random bytes in hex. The folder must be there. */
export async function readDigestKey(auditDir: string): Promise<string> {
  const path = join(auditDir, DIGEST_KEY_FILE);
  try {
    // Of two processes that start at once, one writes the key and the other reads it.
    await writeFile(path, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const key = (await readFile(path, 'utf8')).trim();
  if (!KEY_FORM.test(key)) {
    throw new DigestKeyUnusable(
      `${path} does not hold a key of 64 hex digits; put the right one back, or remove the file to start anew`,
    );
  }
  return key;
}

/** Names the key without giving it away: a change of the key shows, because hashes can't be compared any more. */
export function digestKeyId(createDigest: CreateDigest): string {
  const digest = createDigest();
  digest.update('keeptrusts digest key');
  return digest.hex().slice(0, 16);
}
