/** `kt events checkpoint`, and what `kt events verify` makes of its key and of a checkpoint kept elsewhere. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { eventsCheckpointCommand } from '../../bin/commands/events-checkpoint.ts';
import { eventsVerifyCommand } from '../../bin/commands/events-verify.ts';
import { readCheckpoint } from '../../lambda/audit/checkpoint.ts';
import { openLocalSigner } from '../../lambda/audit/local-signer.ts';
import { keyIdOf } from '../../lambda/audit/signature.ts';
import { readDigestKey } from '../../lambda/local/digest-key.ts';
import { anAuditFolder } from '../support/an-audit-folder.ts';
import { startAwsStub, STUB_ENVIRONMENT } from '../support/aws-stub.ts';
import { startKmsStub } from '../support/kms-stub.ts';
import { recordingTerminal } from '../support/recording-terminal.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const now = () => Date.UTC(2026, 10, 2);

async function run(command: 'checkpoint' | 'verify', dir: string, ...args: readonly string[]) {
  const terminal = recordingTerminal();
  const made =
    command === 'checkpoint'
      ? eventsCheckpointCommand(terminal, now)
      : eventsVerifyCommand(terminal, () => 0);
  await made.parseAsync(['--audit-dir', dir, ...args], { from: 'user' });
  return terminal;
}

const FIRST = 'checkpoints/00000001.json';

describe('kt events checkpoint', () => {
  it('signs the ends of all chains and says so', async () => {
    const dir = await anAuditFolder([{}, {}]);
    const { stdout } = await run('checkpoint', dir);
    const { publicKey } = await openLocalSigner(dir);
    expect(stdout()).toBe(`${FIRST}: the ends of 1 chain, signed by key ${keyIdOf(publicKey)}\n`);
    expect(readCheckpoint(await readFile(join(dir, FIRST), 'utf8'))).toMatchObject({
      heads: [{ writer_id: 'writer', seq: 2 }],
      digest_key: null,
    });
  });

  it('names the digest key without giving it away', async () => {
    const dir = await anAuditFolder([{}]);
    const key = await readDigestKey(dir);
    await run('checkpoint', dir);
    const text = await readFile(join(dir, FIRST), 'utf8');
    expect(readCheckpoint(text)?.digest_key).toMatch(/^[0-9a-f]{16}$/);
    expect(text).not.toContain(key.slice(0, 16));
  });

  it('says when there is nothing to vouch for', async () => {
    const dir = await anAuditFolder([{}]);
    await run('checkpoint', dir);
    expect((await run('checkpoint', dir)).stdout()).toBe('no chain went on since the last checkpoint\n');
    expect((await run('checkpoint', dir, '--json')).stdout()).toBe('null\n');
  });

  it('prints what it wrote as JSON for scripts', async () => {
    const { stdout } = await run('checkpoint', await anAuditFolder([{}]), '--json');
    expect(JSON.parse(stdout())).toEqual({ path: FIRST, number: 1, heads: 1 });
  });

  it('prints no key that is not there', async () => {
    await expect(run('checkpoint', await anAuditFolder([{}]), '--public-key')).rejects.toMatchObject({
      exitCode: 1,
    });
  });

  it('vouches for no bucket without a key in KMS', async () => {
    await expect(run('checkpoint', '.', '--s3', 'evidence')).rejects.toThrow(/--kms-key/);
  });

  it('vouches for a bucket with a key in KMS, and gives out its public key', async () => {
    const stub = await startAwsStub();
    const kms = await startKmsStub();
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await stub.close();
      await kms.close();
    });
    const variables = { ...STUB_ENVIRONMENT, AWS_ENDPOINT_URL_S3: stub.url, AWS_ENDPOINT_URL_KMS: kms.url };
    for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
    const file = 'dt=2026-11-01/hr=10/writer.jsonl';
    const put = async (Body: string | Buffer) =>
      new S3Client({ forcePathStyle: true }).send(
        new PutObjectCommand({ Bucket: 'evidence', Key: `audit/${file}`, Body }),
      );
    await put(await readFile(join(await anAuditFolder([{}]), file)));
    const bucket = ['--s3', 'evidence/audit', '--kms-key', 'alias/audit'] as const;
    expect((await run('checkpoint', '.', ...bucket)).stdout()).toMatch(
      /: the ends of 1 chain, signed by key/,
    );
    expect((await run('checkpoint', '.', ...bucket, '--public-key')).stdout()).toMatch(/^-+BEGIN PUBLIC KEY/);
    await put('x\n');
    await expect(run('checkpoint', '.', ...bucket)).rejects.toMatchObject({ exitCode: 2 });
  });

  it('refuses a key file that holds no key', async () => {
    const dir = await anAuditFolder([{}]);
    await writeFile(join(dir, '.checkpoint-key'), 'x');
    await expect(run('checkpoint', dir)).rejects.toThrow(/holds no Ed25519 key/);
  });
});

describe('kt events verify', () => {
  async function keptElsewhere(dir: string) {
    await run('checkpoint', dir);
    const elsewhere = await temporaryFolder();
    const key = join(elsewhere, 'key.pem');
    await writeFile(key, (await run('checkpoint', dir, '--public-key')).stdout());
    const checkpoint = join(elsewhere, 'checkpoint.json');
    await writeFile(checkpoint, await readFile(join(dir, FIRST)));
    return { key, checkpoint };
  }

  it('says who vouches for what', async () => {
    const dir = await anAuditFolder([{}]);
    const { key, checkpoint } = await keptElsewhere(dir);
    const { stdout, exitCode } = await run('verify', dir, '--public-key', key, '--checkpoint', checkpoint);
    expect(stdout()).toMatch(/^1 checkpoint, the last of 2026-11-02T00:00:00.000Z, signed by [0-9a-f]{16}\n/);
    expect(exitCode()).toBe(0);
  });

  it('says what would not show where there is no checkpoint', async () => {
    expect((await run('verify', await anAuditFolder([{}]))).stdout()).toMatch(
      /^no checkpoint: a removed end/,
    );
  });

  it('ends with 2 when everything was removed, checkpoints included, and one was kept elsewhere', async () => {
    const dir = await anAuditFolder([{}]);
    const { checkpoint } = await keptElsewhere(dir);
    await rm(join(dir, 'checkpoints'), { recursive: true });
    await rm(join(dir, 'dt=2026-11-01'), { recursive: true });
    const { stdout, exitCode } = await run('verify', dir, '--checkpoint', checkpoint);
    expect(stdout()).toContain('removed    </red> dt=2026-11-01/hr=10/writer.jsonl\n');
    expect(exitCode()).toBe(2);
  });

  it('ends with 2 when another key signed', async () => {
    const dir = await anAuditFolder([{}]);
    await run('checkpoint', dir);
    const { key } = await keptElsewhere(await anAuditFolder([{}]));
    const { stdout, exitCode } = await run('verify', dir, '--public-key', key);
    expect(stdout()).toMatch(
      /unsigned.*checkpoints\/00000001.json:1\n +key [0-9a-f]{16} signed it, which is/,
    );
    expect(exitCode()).toBe(2);
  });

  it.each([
    ['that is not there', 'none.pem', /cannot read none.pem: ENOENT/],
    ['that is none', 'package.json', /package.json holds no public key in PEM/],
  ])('refuses a key %s', async (_, path, message) => {
    await expect(run('verify', await anAuditFolder([{}]), '--public-key', path)).rejects.toThrow(message);
  });

  it('reads a bucket where it lies, with or without the slash of its prefix', async () => {
    const stub = await startAwsStub();
    onTestFinished(() => {
      vi.unstubAllEnvs();
      return stub.close();
    });
    for (const [name, value] of Object.entries({ ...STUB_ENVIRONMENT, AWS_ENDPOINT_URL: stub.url })) {
      vi.stubEnv(name, value);
    }
    const file = 'dt=2026-11-01/hr=10/writer.jsonl';
    const Body = await readFile(join(await anAuditFolder([{}, {}]), file));
    const s3 = new S3Client({ forcePathStyle: true });
    await s3.send(new PutObjectCommand({ Bucket: 'evidence', Key: `audit/${file}`, Body }));
    for (const name of ['evidence/audit', 's3://evidence/audit/']) {
      const { stdout, exitCode } = await run('verify', 'none', '--s3', name);
      expect(stdout()).toMatch(
        /s3:\/\/evidence\/audit\/?: 2 events of 1 writer in 1 file, every chain is whole/,
      );
      expect(exitCode()).toBe(0);
    }
    stub.fail('s3', { kind: 'status', status: 403, code: 'AccessDenied' });
    await expect(run('verify', 'none', '--s3', 'evidence/audit')).rejects.toThrow(
      /cannot use s3:\/\/evidence\/audit: AccessDenied; check/,
    );
  });

  it('refuses a bucket that it can not name', async () => {
    await expect(run('verify', '.', '--s3', '/x')).rejects.toThrow(/allowed is bucket\/prefix/);
  });
});
