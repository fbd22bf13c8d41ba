/** Identities and model names: names and numbers of systems are kept, personal data becomes a digest. */
import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { keepIdentity, keepModelName } from '../../../lambda/audit/redact-identity.ts';

const createDigest = () => {
  const hmac = createHmac('sha256', 'key of the test');
  return { update: (text: string) => void hmac.update(text), hex: () => hmac.digest('hex') };
};

describe('an identity', () => {
  it.each([
    'user-1',
    'team a',
    '12345678',
    '123456789',
    '1234567890123456789',
    'org_01JBKXQ0000000000000000000',
    '7d9f4c1e-1234-4123-8123-123456789012',
    '12345678-1234-4123-8123-12345678901a',
    '@handle',
    'a@b',
    'region/eu-west-1',
    '100%',
  ])('is kept as it is: %s', (value) => {
    expect(keepIdentity(value, createDigest)).toBe(value);
  });

  it.each([
    'ada@example.org',
    'Ada Lovelace <ada@example.org>',
    'ada%40example.org',
    'mailto:ada@mail.example.org',
    'ａｄａ＠example.org',
    '+49 170 1234567',
    'tel:+14155550132',
    '(415) 555-0132',
    '415.555.0132',
    '0170 1234567',
    '4155550132',
    'user 0049 170 1234567',
  ])('becomes a digest: %s', (value) => {
    expect(keepIdentity(value, createDigest)).toMatch(/^hmac:[0-9a-f]{64}$/);
  });

  it('has the same digest every time, and another for another person', () => {
    const [a, again, b] = ['ada@example.org', 'ada@example.org', 'bob@example.org'].map((value) =>
      keepIdentity(value, createDigest),
    );
    expect(a).toBe(again);
    expect(a).not.toBe(b);
  });
});

describe('a model name', () => {
  it.each([
    'gpt-4o-2024-08-06',
    'meta-llama/Llama-3.3-70B-Instruct-Turbo',
    'publishers/anthropic/models/claude-3-5-sonnet-v2@20241022',
    'arn:aws:bedrock:us-east-1:123456789012:inference-profile/eu.amazon.nova',
    'm'.repeat(300),
  ])('is kept as it is: %s', (value) => {
    expect(keepModelName(value, createDigest)).toBe(value);
  });

  it.each(['', 'my name is Ada', 'gpt-4o\nhello', 'ada@example.org', 'ada%40example.org', 'm'.repeat(301)])(
    'that is none becomes a digest: %j',
    (value) => {
      expect(keepModelName(value, createDigest)).toMatch(/^hmac:[0-9a-f]{64}$/);
    },
  );
});
