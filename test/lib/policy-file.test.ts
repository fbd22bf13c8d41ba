import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BadPolicyFile, readPolicyFile } from '../../lib/policy-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-file-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const good = `
pack: {name: a, version: 1.0.0, enabled: true}
policies: {chain: [audit-logger]}
policy: {audit-logger: {retention_days: 30}}
providers: {targets: [{id: one, provider: "aimlapi:chat:gpt-4o"}]}
`;

function written(text: string): string {
  const path = join(folder, 'policy-config.yaml');
  writeFileSync(path, text);
  return path;
}

function refusal(text: string): string {
  try {
    readPolicyFile(written(text));
  } catch (error) {
    if (error instanceof BadPolicyFile) return error.message;
    throw error;
  }
  return '';
}

describe('the policy file at synth', () => {
  it('gives the resolved configuration', () => {
    expect(readPolicyFile(written(good)).config).toMatchObject({
      pack: { name: 'a' },
      targets: [{ id: 'one', model: 'gpt-4o', secret: { env: 'AIMLAPI_KEY' } }],
      audit: { retentionDays: 30 },
    });
  });

  it('gives its warnings, one line each, with file and line', () => {
    const { warnings } = readPolicyFile(
      written(good.replace('[audit-logger]', '[pii-detector, audit-logger]')),
    );
    expect(warnings.join('\n')).toMatch(/policy-config\.yaml:\d+ warning E003/);
  });

  it('is refused with every mistake at once', () => {
    const message = refusal(good.replace('retention_days: 30', 'retention_days: 0, retain: 1'));
    expect(message).toContain("policy-config.yaml can't be deployed");
    expect(message).toMatch(/error E004 policy\.audit-logger\.retention_days/);
    expect(message).toMatch(/error E002 policy\.audit-logger\.retain/);
  });

  it('is refused with what was seen, what is allowed and the fix', () => {
    expect(refusal(good.replace('chain: [audit-logger]', 'chain: [audit-loger]'))).toMatch(
      /E001.*seen: .*allowed: .*audit-logger/,
    );
  });

  it('is refused when it is not there, with the way to get one', () => {
    expect(() => readPolicyFile(join(folder, 'absent.yaml'))).toThrow(
      /absent\.yaml can't be read \(ENOENT\).*kt init/,
    );
  });
});
