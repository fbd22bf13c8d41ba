import { describe, expect, it } from 'vitest';
import { SecretsManagerSource } from '../../../lambda/state/secrets-manager-source.ts';

/** A source over a secret that a test can change, break and watch. */
function aSource(text = '{"AIMLAPI_KEY": "first"}') {
  const clock = { now: 1_000_000 };
  const secret = { text, isDown: false, fetches: 0 };
  const problems: string[] = [];
  const source = new SecretsManagerSource({
    fetchText: () => {
      secret.fetches += 1;
      return secret.isDown ? Promise.reject(new Error('throttled')) : Promise.resolve(secret.text);
    },
    now: () => clock.now,
    onFailure: (problem) => problems.push(problem),
  });
  return { source, secret, clock, problems };
}

const key = { env: 'AIMLAPI_KEY' };
const minutes = (count: number): number => count * 60_000;

describe('secrets of Secrets Manager', () => {
  it.each([
    ['an environment variable', { env: 'AIMLAPI_KEY' }],
    ['a store name', { store: 'AIMLAPI_KEY' }],
  ])('are found by the name of %s', async (_case, ref) => {
    expect(await aSource().source.get(ref)).toBe('first');
  });

  it.each([
    ['is absent', '{}'],
    ['is empty', '{"AIMLAPI_KEY": ""}'],
    ['is no text', '{"AIMLAPI_KEY": 1}'],
    ['is a name of every object', '{"__proto__": {"AIMLAPI_KEY": "x"}}'],
  ])('are undefined when the value %s', async (_case, text) => {
    expect(await aSource(text).source.get(key)).toBeUndefined();
  });

  it('are fetched once for many requests', async () => {
    const { source, secret } = aSource();
    await Promise.all([source.get(key), source.get(key), source.warm()]);
    await source.get(key);
    expect(secret.fetches).toBe(1);
  });

  it('are renewed in the background after fifteen minutes, and nobody waits for it', async () => {
    const { source, secret, clock } = aSource();
    await source.get(key);
    secret.text = '{"AIMLAPI_KEY": "second"}';
    clock.now += minutes(15);
    expect(await source.get(key)).toBe('first');
    expect(await source.get(key)).toBe('second');
  });

  it('are read afresh by the first get after a forget', async () => {
    const { source, secret, clock } = aSource();
    await source.get(key);
    secret.text = '{"AIMLAPI_KEY": "rotated"}';
    clock.now += minutes(1);
    source.forget(key);
    expect(await source.get(key)).toBe('rotated');
  });

  it('are not read again because of a key that was refused just after it was read', async () => {
    const { source, secret, clock } = aSource();
    await source.get(key);
    clock.now += 4_999;
    source.forget(key);
    await source.get(key);
    expect(secret.fetches).toBe(1);
  });

  it('serve their old values when a renewal fails', async () => {
    const { source, secret, clock, problems } = aSource();
    await source.get(key);
    secret.isDown = true;
    clock.now += minutes(1);
    source.forget(key);
    expect(await source.get(key)).toBe('first');
    expect(problems).toEqual(['Error: throttled']);
  });

  it('are undefined while the first fetch fails, and are tried again after five seconds', async () => {
    const { source, secret, clock } = aSource();
    secret.isDown = true;
    expect(await source.get(key)).toBeUndefined();
    secret.isDown = false;
    clock.now += 4_999;
    expect(await source.get(key)).toBeUndefined();
    expect(secret.fetches).toBe(1);
    clock.now += 1;
    expect(await source.get(key)).toBe('first');
  });

  it.each([
    ['no JSON', 'sk-very-secret', /not JSON/],
    ['no object', '["sk-very-secret"]', /one JSON object/],
  ])('name the fault and quote nothing when the text is %s', async (_case, text, message) => {
    const { source, problems } = aSource(text);
    expect(await source.get(key)).toBeUndefined();
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(message);
    expect(problems[0]).not.toContain('very-secret');
  });
});
