/** The doctor compares the key that hashes with the one that the last checkpoint names. */
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDigestKey } from '../../../bin/doctor/check-evidence.ts';
import { digestKeyName } from '../../../bin/events/digest-key-name.ts';
import { openLocalSigner } from '../../../lambda/audit/local-signer.ts';
import { writeCheckpoint } from '../../../lambda/audit/write-checkpoint.ts';
import { DIGEST_KEY_FILE, readDigestKey } from '../../../lambda/local/digest-key.ts';
import { anAuditFolder } from '../../support/an-audit-folder.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function aVouchedFolder(): Promise<string> {
  const dir = await anAuditFolder([{}]);
  await readDigestKey(dir);
  const digestKey = await digestKeyName(dir, {});
  await writeCheckpoint({ dir, signer: () => openLocalSigner(dir), now: 0, digestKey });
  return dir;
}
const statesOf = async (dir: string, variables = {}) =>
  (await checkDigestKey(dir, variables)).map(({ state }) => state);

describe('the digest key', () => {
  it('is well where it is the one of the last checkpoint', async () => {
    expect(await statesOf(await aVouchedFolder())).toEqual(['ok']);
  });

  it('is a warning where another one came', async () => {
    const dir = await aVouchedFolder();
    await writeFile(join(dir, DIGEST_KEY_FILE), 'a'.repeat(64));
    expect(await statesOf(dir)).toEqual(['warning']);
  });

  it('is a warning where the variables name another one', async () => {
    expect(await statesOf(await aVouchedFolder(), { KEEPTRUSTS_DIGEST_KEY: 'x' })).toEqual(['warning']);
  });

  it('is a warning where it is gone', async () => {
    const dir = await aVouchedFolder();
    await rm(join(dir, DIGEST_KEY_FILE));
    const [check] = await checkDigestKey(dir, {});
    expect(check).toMatchObject({ state: 'warning' });
    expect(check?.detail).toContain('is gone');
  });

  it('has failed where it is none', async () => {
    const dir = await aVouchedFolder();
    await writeFile(join(dir, DIGEST_KEY_FILE), 'x');
    expect(await statesOf(dir)).toEqual(['failed']);
  });

  it.each([
    ['no folder', async () => join(await temporaryFolder(), 'none')],
    ['no checkpoint', () => anAuditFolder([{}])],
  ])('is no matter where there is %s', async (_, dir) => {
    expect(await statesOf(await dir())).toEqual([]);
  });
});
