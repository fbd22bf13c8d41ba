import { describe, expect, it } from 'vitest';
import { cachedKeys } from '../../../lambda/state/cached-keys.ts';
import type { GatewayKey, KeyStore } from '../../../lambda/state/key-store.ts';
import { hashKeyText, isSameHash, newKeyText } from '../../../lambda/state/key-text.ts';

const caller: GatewayKey = { name: 'web', role: 'caller', createdAt: 0 };

/** A store in memory that counts what it is asked and can be told to fail. */
function aStore() {
  const keys = new Map<string, GatewayKey>();
  const asked: string[] = [];
  const state = { isDown: false };
  const find: KeyStore['find'] = (hash) => {
    asked.push(hash);
    return state.isDown ? Promise.reject(new Error('store is down')) : Promise.resolve(keys.get(hash));
  };
  return { find, keys, asked, state };
}

function aCheck(options: { maxAgeMs?: number; maxKnown?: number; maxUnknown?: number } = {}) {
  const clock = { now: 0 };
  const { find, keys, asked, state } = aStore();
  const check = cachedKeys({ find, now: () => clock.now, ...options });
  const add = (key: GatewayKey = caller): string => {
    const text = newKeyText();
    keys.set(hashKeyText(text), key);
    return text;
  };
  return { check, add, keys, asked, state, clock };
}

describe('cached keys', () => {
  it('find a key by its text', async () => {
    const { check, add } = aCheck();
    expect(await check(add())).toEqual(caller);
  });

  it('know no key that the store does not know', async () => {
    expect(await aCheck().check(newKeyText())).toBeUndefined();
  });

  it.each([
    ['an empty text', ''],
    ['an upstream key', 'sk-1234567890abcdef1234567890abcdef'],
    ['a key cut short', newKeyText().slice(0, -1)],
    ['a key with a tail', `${newKeyText()}x`],
    ['a key with a foreign character', `${newKeyText().slice(0, -1)}!`],
  ])('refuse %s without asking the store', async (_case, text) => {
    const { check, asked } = aCheck();
    expect(await check(text)).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it('ask the store only by hash', async () => {
    const { check, add, asked } = aCheck();
    const text = add();
    await check(text);
    expect(asked).toEqual([hashKeyText(text)]);
  });

  it('ask once for many requests at the same time', async () => {
    const { check, add, asked } = aCheck();
    const text = add();
    await Promise.all([check(text), check(text), check(text)]);
    expect(asked).toHaveLength(1);
  });

  it('see a revocation after a minute at the latest', async () => {
    const { check, add, keys, clock } = aCheck();
    const text = add();
    await check(text);
    keys.set(hashKeyText(text), { ...caller, revokedAt: 1 });
    clock.now = 60_000;
    expect(await check(text)).toBeUndefined();
  });

  it('never keep an answer longer than a minute, whatever is asked for', async () => {
    const { check, add, asked, clock } = aCheck({ maxAgeMs: 3_600_000 });
    const text = add();
    await check(text);
    clock.now = 60_000;
    await check(text);
    expect(asked).toHaveLength(2);
  });

  it('renew a key in use behind the back of the caller', async () => {
    const { check, add, keys, asked, clock } = aCheck();
    const text = add();
    await check(text);
    keys.set(hashKeyText(text), { ...caller, revokedAt: 1 });
    clock.now = 30_000;
    expect(await check(text)).toEqual(caller);
    expect(asked).toHaveLength(2);
    expect(await check(text)).toBeUndefined();
  });

  it('serve a known key while the store is down, for the rest of its minute', async () => {
    const { check, add, state, clock } = aCheck();
    const text = add();
    await check(text);
    state.isDown = true;
    clock.now = 59_999;
    expect(await check(text)).toEqual(caller);
    clock.now = 60_000;
    await expect(check(text)).rejects.toThrow('store is down');
  });

  it('remember no failure of the store', async () => {
    const { check, add, state } = aCheck();
    const text = add();
    state.isDown = true;
    await expect(check(text)).rejects.toThrow('store is down');
    state.isDown = false;
    expect(await check(text)).toEqual(caller);
  });

  it('see the expiry of a key that is still in memory', async () => {
    const { check, add, clock } = aCheck();
    const text = add({ ...caller, expiresAt: 10_000 });
    expect(await check(text)).toMatchObject({ name: 'web' });
    clock.now = 9_999;
    expect(await check(text)).toMatchObject({ name: 'web' });
    clock.now = 10_000;
    expect(await check(text)).toBeUndefined();
  });

  it('push no real key out of memory however many guesses come', async () => {
    const { check, add, asked } = aCheck({ maxUnknown: 2 });
    const text = add();
    await check(text);
    for (let guess = 0; guess < 20; guess += 1) await check(newKeyText());
    const before = asked.length;
    await check(text);
    expect(asked).toHaveLength(before);
  });

  it('forget the oldest guess first', async () => {
    const { check, asked } = aCheck({ maxUnknown: 2 });
    const [first, second, third] = [newKeyText(), newKeyText(), newKeyText()];
    for (const guess of [first, second, third]) await check(guess);
    await check(third);
    expect(asked).toHaveLength(3);
    await check(first);
    expect(asked).toHaveLength(4);
  });

  it('keep no more known keys than they are told to', async () => {
    const { check, add, asked } = aCheck({ maxKnown: 1 });
    const [one, other] = [add(), add()];
    await check(one);
    await check(other);
    await check(one);
    expect(asked).toHaveLength(3);
  });
});

describe('the text of a key', () => {
  it('is new each time', () => {
    expect(newKeyText()).not.toBe(newKeyText());
  });

  it('starts with a prefix that secret scanners can look for', () => {
    expect(newKeyText()).toMatch(/^kt_gk_[A-Za-z0-9_-]{43}$/);
  });

  it('hashes to SHA-256 in lower-case hex', () => {
    expect(hashKeyText('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it.each([
    ['equal hashes', 'abcd', 'abcd', true],
    ['hashes that differ', 'abcd', 'abce', false],
    ['hashes of different length', 'abcd', 'abc', false],
    ['texts of equal length and unequal bytes', 'é', 'e', false],
  ])('compares %s', (_case, one, other, expected) => {
    expect(isSameHash(one, other)).toBe(expected);
  });
});
