/** What every key store does, whatever keeps its keys. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DynamoDbKeyStore } from '../../lambda/state/dynamodb-key-store.ts';
import { FileKeyStore } from '../../lambda/state/file-key-store.ts';
import type { GatewayKey, KeyStore } from '../../lambda/state/key-store.ts';
import { hashKeyText, newKeyText } from '../../lambda/state/key-text.ts';
import { type LocalDynamoDb, startDynalite } from '../support/dynalite.ts';
import { type DynamoDbLocal, hasJava, startDynamoDbLocal } from '../support/dynamodb-local.ts';

let database: LocalDynamoDb;
let real: DynamoDbLocal | undefined;
let folder: string;
let tables = 0;

const withJava = hasJava();
if (!withJava) process.stdout.write('java is missing: the key stores are not tested on DynamoDB Local\n');

beforeAll(async () => {
  database = await startDynalite();
  real = withJava ? await startDynamoDbLocal() : undefined;
  folder = await mkdtemp(join(tmpdir(), 'keys-'));
});
afterAll(async () => {
  await database.close();
  await real?.close();
  await rm(folder, { recursive: true });
});

type Tables = Pick<LocalDynamoDb, 'client' | 'createTable'>;

async function aTableIn(place: Tables | undefined): Promise<KeyStore> {
  if (!place) throw new Error('the database was not started');
  tables += 1;
  await place.createTable(`keys-${tables}`, 'hash');
  return new DynamoDbKeyStore(`keys-${tables}`, place.client);
}

const implementations: readonly (readonly [string, () => Promise<KeyStore>])[] = [
  ['dynalite', () => aTableIn(database)],
  ...(withJava ? [['DynamoDB Local', () => aTableIn(real)] as const] : []),
  [
    'file',
    () => {
      tables += 1;
      return Promise.resolve(new FileKeyStore(join(folder, `keys-${tables}.json`)));
    },
  ],
];

const plain: GatewayKey = { name: 'web', role: 'caller', createdAt: 1_000 };
const full: GatewayKey = {
  name: 'batch',
  role: 'admin',
  consumerGroup: 'engineering',
  createdAt: 2_000,
  expiresAt: 1_900_000_000_000,
};

describe.each(implementations)('keys in %s', (_name, create) => {
  let store: KeyStore;
  beforeEach(async () => {
    store = await create();
  });

  it('finds nothing in an empty store', async () => {
    expect(await store.find(hashKeyText(newKeyText()))).toBeUndefined();
    expect(await store.list()).toEqual([]);
  });

  it.each([
    ['with only what is required', plain],
    ['with every field', full],
  ])('gives back a key %s as it was put', async (_case, key) => {
    const hash = hashKeyText(newKeyText());
    await store.put(hash, key);
    expect(await store.find(hash)).toEqual(key);
    expect(await store.list()).toEqual([{ hash, key }]);
  });

  it('finds no key under the hash of another', async () => {
    await store.put(hashKeyText(newKeyText()), plain);
    expect(await store.find(hashKeyText(newKeyText()))).toBeUndefined();
  });

  it('keeps a revoked key, with the instant of its revocation', async () => {
    const hash = hashKeyText(newKeyText());
    await store.put(hash, full);
    expect(await store.revoke(hash, 5_000)).toBe(true);
    expect(await store.find(hash)).toEqual({ ...full, revokedAt: 5_000 });
  });

  it('keeps the first instant when a key is revoked twice', async () => {
    const hash = hashKeyText(newKeyText());
    await store.put(hash, plain);
    await store.revoke(hash, 5_000);
    expect(await store.revoke(hash, 9_000)).toBe(true);
    expect((await store.find(hash))?.revokedAt).toBe(5_000);
  });

  it('says that a key to revoke does not exist, and makes none', async () => {
    expect(await store.revoke(hashKeyText(newKeyText()), 5_000)).toBe(false);
    expect(await store.list()).toEqual([]);
  });

  it('lists many keys', async () => {
    const hashes = Array.from({ length: 25 }, () => hashKeyText(newKeyText()));
    await Promise.all(hashes.map((hash) => store.put(hash, plain)));
    expect((await store.list()).map(({ hash }) => hash).sort()).toEqual([...hashes].sort());
  });
});

describe('a key file', () => {
  it('is readable by its owner alone and holds no key text', async () => {
    const path = join(folder, 'private.json');
    const text = newKeyText();
    await new FileKeyStore(path).put(hashKeyText(text), plain);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await readFile(path, 'utf8')).not.toContain(text);
  });

  it.each([
    ['no JSON', 'keys', /not JSON/],
    ['no list', '{"keys": {}}', /no list of keys/],
    [
      'a key without a name',
      '{"keys": [{"hash": "a", "role": "caller", "createdAt": 1}]}',
      /keys\[0\] is not a key/,
    ],
  ])('with %s is refused with its path and what is expected', async (_case, text, message) => {
    const { writeFile } = await import('node:fs/promises');
    const path = join(folder, 'broken.json');
    await writeFile(path, text);
    await expect(new FileKeyStore(path).list()).rejects.toThrow(message);
  });
});

describe('the DynamoDB item of a key', () => {
  it('is kept for thirty days after the key has ended', async () => {
    const { GetItemCommand } = await import('@aws-sdk/client-dynamodb');
    await database.createTable('ttl', 'hash');
    const store = new DynamoDbKeyStore('ttl', database.client);
    await store.put('expiring', full);
    await store.put('revoked', plain);
    await store.revoke('revoked', 60_000);
    const ttlOf = async (hash: string): Promise<string | undefined> => {
      const key = { hash: { S: hash } };
      return (await database.client.send(new GetItemCommand({ TableName: 'ttl', Key: key }))).Item?.['ttl']
        ?.N;
    };
    expect(await ttlOf('expiring')).toBe(String(1_900_000_000 + 30 * 86_400));
    expect(await ttlOf('revoked')).toBe(String(60 + 30 * 86_400));
  });
});
