/** Gateway keys in one JSON file, for a gateway on this machine. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import type { GatewayKey, KeyStore } from './key-store.ts';
import { isSameHash } from './key-text.ts';

type Entry = Readonly<GatewayKey> & { readonly hash: string };

/** The file is read at each question, so that what another process writes counts at once. */
export class FileKeyStore implements KeyStore {
  readonly #path: string;
  #lastWrite: Promise<void> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  async find(hash: string): Promise<GatewayKey | undefined> {
    const entry = (await this.#read()).find((candidate) => isSameHash(candidate.hash, hash));
    return entry && keyOf(entry);
  }

  async put(hash: string, key: GatewayKey): Promise<void> {
    await this.#change((entries) => [...entries.filter((entry) => entry.hash !== hash), { hash, ...key }]);
  }

  async list(): Promise<readonly { readonly hash: string; readonly key: GatewayKey }[]> {
    return (await this.#read()).map((entry) => ({ hash: entry.hash, key: keyOf(entry) }));
  }

  async revoke(hash: string, at: number): Promise<boolean> {
    let found = false;
    await this.#change((entries) =>
      entries.map((entry) => {
        if (entry.hash !== hash) return entry;
        found = true;
        return { ...entry, revokedAt: entry.revokedAt ?? at };
      }),
    );
    return found;
  }

  async #read(): Promise<readonly Entry[]> {
    const text = await readFile(this.#path, 'utf8').catch((error: unknown) => {
      if (isMissing(error)) return '{"keys":[]}';
      throw error;
    });
    return parseKeys(text, this.#path);
  }

  /** One change after the other; a reader sees the old file or the new one, never half of one. */
  async #change(change: (entries: readonly Entry[]) => readonly Entry[]): Promise<void> {
    const write = this.#rewrite(this.#lastWrite, change);
    this.#lastWrite = write.catch(() => undefined);
    await write;
  }

  async #rewrite(
    previous: Promise<void>,
    change: (entries: readonly Entry[]) => readonly Entry[],
  ): Promise<void> {
    await previous;
    const text = JSON.stringify({ keys: change(await this.#read()) }, null, 2);
    const draft = `${this.#path}.${process.pid}.tmp`;
    await writeFile(draft, `${text}\n`, { mode: 0o600 });
    await rename(draft, this.#path);
  }
}

function keyOf({ hash: _hash, ...key }: Entry): GatewayKey {
  return key;
}

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

function parseKeys(text: string, path: string): readonly Entry[] {
  const malformed = (what: string): Error =>
    new Error(
      `${path}: ${what}; expected {"keys": [{"hash", "name", "role", "createdAt"}]} as kt keys writes it`,
    );
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw malformed('not JSON');
  }
  if (!isRecord(content) || !Array.isArray(content['keys'])) throw malformed('no list of keys');
  const keys: readonly unknown[] = content['keys'];
  return keys.map((entry, index) => {
    if (!isEntry(entry)) throw malformed(`keys[${index}] is not a key`);
    return entry;
  });
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isOptional = (value: unknown, type: 'string' | 'number'): boolean =>
  value === undefined || typeof value === type;

function isEntry(value: unknown): value is Entry {
  return (
    isRecord(value) &&
    typeof value['hash'] === 'string' &&
    typeof value['name'] === 'string' &&
    (value['role'] === 'caller' || value['role'] === 'admin') &&
    typeof value['createdAt'] === 'number' &&
    isOptional(value['consumerGroup'], 'string') &&
    isOptional(value['expiresAt'], 'number') &&
    isOptional(value['revokedAt'], 'number')
  );
}
