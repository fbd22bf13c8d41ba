/** The file of gateway keys at the start of a gateway: what would lock everybody out is said before it does. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkKeysFile } from '../../../bin/gateway-run/check-keys-file.ts';
import { FileKeyStore } from '../../../lambda/state/file-key-store.ts';
import type { GatewayKey } from '../../../lambda/state/key-store.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const NOW = 1_000_000;
const aKey = (more: Partial<GatewayKey> = {}): GatewayKey => ({
  name: 'laptop',
  role: 'caller',
  createdAt: 0,
  ...more,
});

async function fileWith(...keys: readonly GatewayKey[]): Promise<string> {
  const path = join(await temporaryFolder(), 'keys.json');
  const store = new FileKeyStore(path);
  for (const [index, key] of keys.entries()) await store.put(String(index).repeat(64), key);
  return path;
}

describe('a file of gateway keys', () => {
  it.each<[string, readonly GatewayKey[]]>([
    ['a key in force', [aKey()]],
    ['a key that expires later', [aKey({ expiresAt: NOW + 1 })]],
    ['a revoked key and one in force', [aKey({ revokedAt: 1 }), aKey()]],
  ])('with %s needs no warning', async (_, keys) => {
    expect(await checkKeysFile(await fileWith(...keys), NOW)).toEqual([]);
  });

  it.each<[string, readonly GatewayKey[]]>([
    ['is not there', []],
    ['holds an expired key', [aKey({ expiresAt: NOW - 1 })]],
    ['holds a revoked key', [aKey({ revokedAt: NOW - 1 })]],
  ])('that %s is warned of, with the command that mends it', async (_, keys) => {
    const path = await fileWith(...keys);
    const [warning] = await checkKeysFile(path, NOW);
    expect(warning).toContain(`${path} holds no key in force: every call gets 401`);
    expect(warning).toContain(`kt keys create --file ${path}`);
  });

  it('that holds something else is refused', async () => {
    const path = join(await temporaryFolder(), 'keys.json');
    await writeFile(path, '{"keys": 1}');
    await expect(checkKeysFile(path, NOW)).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringContaining('no list of keys') as unknown,
    });
  });

  it('that can not be read is refused with the reason of the system', async () => {
    const path = join(await temporaryFolder(), 'folder');
    await mkdir(path);
    await expect(checkKeysFile(path, NOW)).rejects.toMatchObject({
      exitCode: 1,
      message: `can not read ${path}: EISDIR`,
    });
  });
});
