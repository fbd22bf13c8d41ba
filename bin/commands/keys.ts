/** `kt keys`: makes, lists and revokes gateway keys, on AWS or in a file. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { isInForce } from '../../lambda/state/cached-keys.ts';
import type { GatewayKey, KeyStore } from '../../lambda/state/key-store.ts';
import { hashKeyText, newKeyText } from '../../lambda/state/key-text.ts';
import { type KeyPlace, openKeyStore } from '../aws/open-key-store.ts';
import { awsFailure } from '../aws/aws-failure.ts';
import { CommandFailure, PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

/** What the commands need from outside. */
export interface KeysServices {
  readonly open: (place: KeyPlace) => Promise<KeyStore>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

interface Found {
  readonly hash: string;
  readonly key: GatewayKey;
}

const DAY_MS = 86_400_000;

const EXAMPLES = `
Examples:
  $ kt keys create --stack KeeptrustsGateway --name web-app --group engineering --expires-in-days 90
  $ kt keys list --stack KeeptrustsGateway
  $ kt keys revoke web-app --stack KeeptrustsGateway
  $ kt keys create --file keys.json --name laptop && kt gateway run --keys-file keys.json

A new key is shown once and stored only as a hash. A revoked key is refused within 60 seconds.`;

/** Makes the command with its three subcommands. */
export function keysCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  services: KeysServices = { open: openKeyStore, now: Date.now },
): Command {
  const create = withPlace(new Command('create').description('make a gateway key and show it once'))
    .requiredOption('--name <name>', "the consumer's name in events", readName)
    .option('--group <name>', 'consumer group of the policy file', readName)
    .addOption(
      new Option('--role <role>', 'admin may read /keeptrusts/* and /metrics, too')
        .choices(['caller', 'admin'])
        .default('caller'),
    )
    .option('--expires-in-days <n>', 'default: no expiry', readDays)
    .action((options: CreateOptions) => guard(() => createKey(options, terminal, services)));
  const list = withPlace(new Command('list').description('list the gateway keys')).action(
    (options: KeyPlace & Output) => guard(() => listKeys(options, terminal, services)),
  );
  const revoke = withPlace(new Command('revoke').description('revoke a gateway key, for good'))
    .argument('<id-or-name>', 'as kt keys list shows them; a name only while one key in force has it')
    .action((wanted: string, options: KeyPlace & Output) =>
      guard(() => revokeKey(wanted, options, terminal, services)),
    );
  const keys = new Command('keys')
    .description('make, list and revoke gateway keys')
    .addHelpText('after', EXAMPLES);
  for (const command of [create, list, revoke]) keys.addCommand(command.addHelpText('after', EXAMPLES));
  return keys;
}

interface Output {
  readonly json: boolean;
}

interface CreateOptions extends KeyPlace, Output {
  readonly name: string;
  readonly group?: string;
  readonly role: GatewayKey['role'];
  readonly expiresInDays?: number;
}

const withPlace = (command: Command): Command =>
  command
    .option('--stack <name>', 'the keys of a deployed stack')
    .option('--table <name>', 'the keys in a DynamoDB table')
    .option('--file <path>', 'the keys in a JSON file')
    .option('--json', 'print JSON for scripts', false);

async function createKey(
  options: CreateOptions,
  terminal: Terminal,
  { open, now }: KeysServices,
): Promise<void> {
  const store = await open(options);
  const text = newKeyText();
  const hash = hashKeyText(text);
  const createdAt = now();
  const { name, group, role, expiresInDays } = options;
  const key: GatewayKey = {
    name,
    role,
    createdAt,
    ...(group !== undefined && { consumerGroup: group }),
    ...(expiresInDays !== undefined && { expiresAt: createdAt + expiresInDays * DAY_MS }),
  };
  await store.put(hash, key);
  if (options.json) return terminal.out(json({ key: text, ...describe({ hash, key }, createdAt) }));
  terminal.out(`${text}\n`);
  terminal.err(
    `Key ${idOf(hash)} for ${name}. It is shown this once; callers send it as Authorization: Bearer.\n`,
  );
}

async function listKeys(
  options: KeyPlace & Output,
  terminal: Terminal,
  { open, now }: KeysServices,
): Promise<void> {
  const found = [...(await (await open(options)).list())].sort((a, b) => a.key.createdAt - b.key.createdAt);
  const rows = found.map((one) => describe(one, now()));
  if (options.json) return terminal.out(json({ keys: rows }));
  if (rows.length === 0) return terminal.err('no keys yet; make one with kt keys create\n');
  const columns = ['id', 'name', 'role', 'consumer_group', 'state', 'created_at', 'expires_at'] as const;
  const table = [columns, ...rows.map((row) => columns.map((column) => row[column] ?? '-'))];
  const widths = columns.map((_, index) => Math.max(...table.map((cells) => cells[index]?.length ?? 0)));
  for (const [line, cells] of table.entries()) {
    const text = cells.map((cell, index) => cell.padEnd(widths[index] ?? 0)).join('  ');
    terminal.out(`${line === 0 ? terminal.paint('bold', text.trimEnd()) : text.trimEnd()}\n`);
  }
}

async function revokeKey(
  wanted: string,
  options: KeyPlace & Output,
  terminal: Terminal,
  { open, now }: KeysServices,
): Promise<void> {
  const store = await open(options);
  const at = now();
  const found = choose(wanted, await store.list(), at);
  if (!(await store.revoke(found.hash, at))) throw new CommandFailure(1, `the key ${wanted} is gone`);
  const row = describe({ hash: found.hash, key: { ...found.key, revokedAt: found.key.revokedAt ?? at } }, at);
  if (options.json) return terminal.out(json(row));
  terminal.out(`revoked ${row.id} (${row.name}); gateways refuse it within 60 seconds\n`);
}

/** By id, else by name; a name that several keys in force have decides nothing. */
function choose(wanted: string, keys: readonly Found[], at: number): Found {
  const byId = keys.find(({ hash }) => idOf(hash) === wanted);
  if (byId) return byId;
  const byName = keys.filter(({ key }) => key.name === wanted && isInForce(key, at));
  const [only, ...others] = byName;
  if (only && others.length === 0) return only;
  const ids = byName.map(({ hash }) => idOf(hash)).join(', ');
  throw new CommandFailure(
    1,
    only
      ? `${byName.length} keys in force are named ${wanted}: revoke by id, one of ${ids}`
      : `no key in force has the id or name ${wanted}: see kt keys list`,
  );
}

/** Enough of the hash to tell keys apart, too little to be mistaken for it. */
const idOf = (hash: string): string => hash.slice(0, 12);

const isoOf = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString();

function describe({ hash, key }: Found, at: number) {
  const state = key.revokedAt !== undefined ? 'revoked' : isInForce(key, at) ? 'in force' : 'expired';
  return {
    id: idOf(hash),
    name: key.name,
    role: key.role,
    consumer_group: key.consumerGroup ?? null,
    state,
    created_at: isoOf(key.createdAt),
    expires_at: isoOf(key.expiresAt),
    revoked_at: isoOf(key.revokedAt),
  };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** What AWS or the disk refuses is told in one line; anything else is a defect and keeps its stack. */
async function guard(run: () => Promise<void>): Promise<void> {
  try {
    await run();
  } catch (error) {
    if (error instanceof CommandFailure || !(error instanceof Error)) throw error;
    const reason = awsFailure(error) ?? `${error.name}: ${error.message}`;
    if (awsFailure(error) === undefined && !error.message.includes('kt keys')) throw error;
    throw new CommandFailure(1, `the keys are out of reach: ${reason}`, { cause: error });
  }
}

function readName(text: string): string {
  if (!/^[\w.@ -]{1,100}$/.test(text)) {
    throw new InvalidArgumentError('Allowed are 1 to 100 letters, digits, spaces and . _ - @.');
  }
  return text;
}

function readDays(text: string): number {
  const days = Number(text);
  if (!/^\d{1,5}$/.test(text) || days < 1)
    throw new InvalidArgumentError('Allowed is a whole number from 1.');
  return days;
}
