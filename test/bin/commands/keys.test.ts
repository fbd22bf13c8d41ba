import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { keysCommand } from '../../../bin/commands/keys.ts';
import { openKeyStore } from '../../../bin/aws/open-key-store.ts';
import { FileKeyStore } from '../../../lambda/state/file-key-store.ts';
import { hashKeyText } from '../../../lambda/state/key-text.ts';
import { aTerminal } from '../../support/a-terminal.ts';
import { type LocalDynamoDb, startDynalite } from '../../support/dynalite.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');

let folder: string;
let file: string;
let files = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kt-keys-'));
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(() => {
  files += 1;
  file = join(folder, `${files}.json`);
});

/** Runs `kt keys …`; gives what it wrote. Rejects as the command line sees it. */
async function kt(args: readonly string[], now = NOW) {
  let out = '';
  let err = '';
  const terminal = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    exit: () => undefined,
    paint: (_format: unknown, text: string) => text,
  };
  const command = keysCommand(terminal, { open: openKeyStore, now: () => now });
  for (const each of [command, ...command.commands]) {
    each.exitOverride().configureOutput({ writeOut: terminal.out, writeErr: terminal.err });
  }
  await command.parseAsync([...args], { from: 'user' });
  return { out, err };
}

const inFile = (...args: readonly string[]) => kt([...args, '--file', file]);

async function create(...args: readonly string[]): Promise<string> {
  return (await inFile('create', ...args)).out.trim();
}

describe('kt keys create', () => {
  it('prints the key alone on stdout, for a script to take', async () => {
    expect((await inFile('create', '--name', 'web')).out).toMatch(/^kt_gk_[\w-]{43}\n$/);
  });

  it('stores the hash and never the key', async () => {
    const key = await create('--name', 'web');
    const stored = await readFile(file, 'utf8');
    expect(stored).toContain(hashKeyText(key));
    expect(stored).not.toContain(key);
  });

  it('says on stderr that the key is shown once', async () => {
    expect((await inFile('create', '--name', 'web')).err).toMatch(/shown this once/);
  });

  it('gives all that is said about the key to the store', async () => {
    const key = await create('--name', 'ci', '--group', 'eng', '--role', 'admin', '--expires-in-days', '30');
    expect(await new FileKeyStore(file).find(hashKeyText(key))).toEqual({
      name: 'ci',
      role: 'admin',
      consumerGroup: 'eng',
      createdAt: NOW,
      expiresAt: NOW + 30 * 86_400_000,
    });
  });

  it('prints JSON for scripts', async () => {
    const { out } = await inFile('create', '--name', 'web', '--json');
    expect(JSON.parse(out)).toMatchObject({ name: 'web', state: 'in force', expires_at: null });
    expect(out).toMatch(/"key": "kt_gk_[\w-]{43}"/);
    expect(out).toMatch(/"id": "[0-9a-f]{12}"/);
  });

  it.each([
    ['without a name', [], /--name/],
    ['with an empty name', ['--name', ''], /Allowed are 1 to 100/],
    ['with a line break in the name', ['--name', 'a\nb'], /Allowed are 1 to 100/],
    ['with an unknown role', ['--name', 'a', '--role', 'root'], /caller, admin/],
    ['that expires at once', ['--name', 'a', '--expires-in-days', '0'], /whole number from 1/],
  ])('refuses a key %s', async (_case, args, message) => {
    await expect(inFile('create', ...args)).rejects.toThrow(message);
  });
});

describe('kt keys list', () => {
  it('shows id, name, role, group and state of each key, oldest first', async () => {
    await kt(['create', '--name', 'second', '--file', file], NOW + 1);
    await kt(['create', '--name', 'first', '--file', file, '--group', 'eng'], NOW);
    const [head, ...rows] = (await inFile('list')).out.trimEnd().split('\n');
    expect(head).toMatch(/^id +name +role +consumer_group +state +created_at +expires_at$/);
    expect(rows).toEqual([
      expect.stringMatching(/^[0-9a-f]{12} +first +caller +eng +in force +2026-03-01T12:00:00.000Z +-$/),
      expect.stringMatching(/ second /),
    ]);
  });

  it('says how to make the first key', async () => {
    const { out, err } = await inFile('list');
    expect(out).toBe('');
    expect(err).toContain('kt keys create');
  });

  it.each([
    ['in force', 0, 'in force'],
    ['expired', 86_400_000, 'expired'],
  ])('calls a key %s', async (_case, later, state) => {
    await create('--name', 'web', '--expires-in-days', '1');
    const { out } = await kt(['list', '--json', '--file', file], NOW + later);
    expect(JSON.parse(out)).toMatchObject({ keys: [{ name: 'web', state }] });
  });

  it('shows no key and no hash', async () => {
    const key = await create('--name', 'web');
    const { out } = await inFile('list', '--json');
    expect(out).not.toContain(key);
    expect(out).not.toContain(hashKeyText(key));
  });
});

describe('kt keys revoke', () => {
  const stateOf = async (key: string) => (await new FileKeyStore(file).find(hashKeyText(key)))?.revokedAt;

  it('revokes by name', async () => {
    const key = await create('--name', 'web');
    expect((await inFile('revoke', 'web')).out).toMatch(/revoked [0-9a-f]{12} \(web\).*60 seconds/);
    expect(await stateOf(key)).toBe(NOW);
  });

  it('revokes by id', async () => {
    const key = await create('--name', 'web');
    await inFile('revoke', hashKeyText(key).slice(0, 12));
    expect(await stateOf(key)).toBe(NOW);
  });

  it('revokes nothing by a name that two keys in force have, and lists their ids', async () => {
    const keys = [await create('--name', 'web'), await create('--name', 'web')];
    await expect(inFile('revoke', 'web')).rejects.toThrow(hashKeyText(keys[0] ?? '').slice(0, 12));
    expect(await Promise.all(keys.map(stateOf))).toEqual([undefined, undefined]);
  });

  it('finds the one key in force among those of a name', async () => {
    await create('--name', 'web');
    await inFile('revoke', 'web');
    const key = await create('--name', 'web');
    await inFile('revoke', 'web');
    expect(await stateOf(key)).toBe(NOW);
  });

  it('says where to look when there is no such key', async () => {
    await expect(inFile('revoke', 'web')).rejects.toThrow(/no key in force.*web.*kt keys list/);
  });

  it('prints JSON for scripts', async () => {
    await create('--name', 'web');
    expect(JSON.parse((await inFile('revoke', 'web', '--json')).out)).toMatchObject({ state: 'revoked' });
  });
});

describe('the place of the keys', () => {
  it.each([
    ['not said', ['list']],
    ['said twice', ['list', '--table', 'a', '--file', 'b']],
  ])('is asked for when it is %s', async (_case, args) => {
    await expect(kt(args)).rejects.toThrow(/--stack NAME, --table NAME or --file PATH/);
  });

  it('can be a file that is broken, which is told with its path', async () => {
    const { writeFile } = await import('node:fs/promises');
    await writeFile(file, 'no json');
    await expect(inFile('list')).rejects.toThrow(file);
  });
});

describe('keys on AWS', () => {
  let database: LocalDynamoDb;
  let cloudFormation: Server;
  let answer = '';

  beforeAll(async () => {
    database = await startDynalite();
    await database.createTable('stack-keys', 'hash');
    cloudFormation = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/xml' }).end(answer);
    });
    await new Promise<void>((resolve) => cloudFormation.listen(0, '127.0.0.1', resolve));
    const address = cloudFormation.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    vi.stubEnv('AWS_REGION', 'eu-west-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'test');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'test');
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', database.url);
    vi.stubEnv('AWS_ENDPOINT_URL_CLOUDFORMATION', `http://127.0.0.1:${port}`);
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    cloudFormation.closeAllConnections();
    cloudFormation.close();
    await database.close();
  });

  const stackWith = (outputs: string): string => `<DescribeStacksResponse
    xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
    <StackName>S</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime>
    <StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${outputs}</Outputs>
    </member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
  const keysTable = '<member><OutputKey>KeysTable</OutputKey><OutputValue>stack-keys</OutputValue></member>';

  it('are found by the name of the table', async () => {
    const key = (await kt(['create', '--name', 'web', '--table', 'stack-keys'])).out.trim();
    const { out } = await kt(['list', '--table', 'stack-keys', '--json']);
    expect(out).toContain(hashKeyText(key).slice(0, 12));
  });

  it('are found by the name of the stack', async () => {
    answer = stackWith(keysTable);
    await kt(['create', '--name', 'by-stack', '--stack', 'S']);
    expect((await kt(['list', '--stack', 'S', '--json'])).out).toContain('by-stack');
  });

  it('are missed with the fix when the stack has no table of keys', async () => {
    answer = stackWith('');
    await expect(kt(['list', '--stack', 'S'])).rejects.toThrow(/stack S has no output KeysTable.*deploy/);
  });

  it.each([
    [new Error('Region is missing'), /^the keys are out of reach: no AWS region is set; export AWS_REGION$/],
    [
      Object.assign(new Error('Could not load credentials'), { name: 'CredentialsProviderError' }),
      /^the keys are out of reach: Could not load credentials; export AWS_PROFILE, or AWS_ACCESS_KEY_ID/,
    ],
  ])('are out of reach, with the remedy, where nothing is known of AWS: %s', async (failure, message) => {
    const open = () => Promise.reject(failure);
    const list = keysCommand(aTerminal(), { open, now: Date.now }).parseAsync(['list', '--stack', 'S'], {
      from: 'user',
    });
    await expect(list).rejects.toThrow(message);
  });

  it('are out of reach, in one line, when AWS refuses', async () => {
    await expect(kt(['list', '--table', 'absent'])).rejects.toThrow(
      /^the keys are out of reach: ResourceNotFoundException/,
    );
  });
});
