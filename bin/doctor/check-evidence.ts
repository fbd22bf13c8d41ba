/** Whether the gateway goes on hashing under the key that it hashed under so far. */
import { readCheckpoint } from '../../lambda/audit/checkpoint.ts';
import { folderSource } from '../../lambda/audit/folder-source.ts';
import type { Variables } from '../../lambda/config/local-environment.ts';
import { DigestKeyUnusable } from '../../lambda/local/digest-key.ts';
import { digestKeyName } from '../events/digest-key-name.ts';
import { failed, ok, warning, type Check } from './check.ts';

const NAME = 'digest key';

/** Nothing where no checkpoint names a key: there is nothing to compare with. */
export async function checkDigestKey(dir: string, variables: Variables): Promise<readonly Check[]> {
  try {
    const known = await lastKnown(dir);
    if (known === undefined) return [];
    const now = await digestKeyName(dir, variables);
    if (now === known) return [ok(NAME, 'the one of the last checkpoint')];
    const change = now === null ? 'is gone, and the next start makes another one' : 'is another one';
    const fix =
      'equal texts will have other hashes than before; put the old key back to go on comparing them';
    return [warning(NAME, `the key of the last checkpoint ${change}: ${fix}`)];
  } catch (error) {
    if (error instanceof DigestKeyUnusable) return [failed(NAME, error.message)];
    throw error;
  }
}

async function lastKnown(dir: string): Promise<string | undefined> {
  const source = folderSource(dir);
  for (const path of (await source.checkpoints()).toReversed()) {
    const checkpoint = readCheckpoint((await source.text(path)) ?? '');
    if (checkpoint !== undefined && checkpoint.digest_key !== null) return checkpoint.digest_key;
  }
  return undefined;
}
