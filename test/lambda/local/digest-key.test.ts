import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { digestsUnder } from '../../../lambda/audit/digest.ts';
import { DIGEST_KEY_FILE, DigestKeyUnusable, readDigestKey } from '../../../lambda/local/digest-key.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kt-digest-'));
});
afterEach(() => rm(dir, { recursive: true }));

describe('the digest key', () => {
  it('is made once and stays', async () => {
    const key = await readDigestKey(dir);
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(await readDigestKey(dir)).toBe(key);
  });

  it('is the same for processes that start at once', async () => {
    const keys = await Promise.all([readDigestKey(dir), readDigestKey(dir), readDigestKey(dir)]);
    expect(new Set(keys).size).toBe(1);
  });

  it.skipIf(process.platform === 'win32')('can be read by its owner alone', async () => {
    await readDigestKey(dir);
    expect((await stat(join(dir, DIGEST_KEY_FILE))).mode & 0o777).toBe(0o600);
  });

  it.each(['', 'not a key', 'ab'])('is never replaced, even when the file holds %j', async (text) => {
    const path = join(dir, DIGEST_KEY_FILE);
    await writeFile(path, text);
    await expect(readDigestKey(dir)).rejects.toThrow(DigestKeyUnusable);
    expect(await readFile(path, 'utf8')).toBe(text);
  });
});

describe('a digest', () => {
  it('is the HMAC-SHA-256 of what was given to it, in parts or whole', () => {
    const digest = digestsUnder('k')();
    digest.update('grü');
    digest.update('ße');
    expect(digest.hex()).toBe(createHmac('sha256', 'k').update('grüße').digest('hex'));
  });

  it('differs by key', () => {
    expect(digestsUnder('a')().hex()).not.toBe(digestsUnder('b')().hex());
  });
});
