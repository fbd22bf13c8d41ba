import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AuditUnavailable } from '../../../lambda/audit/sink.ts';
import type { GatewayConfig } from '../../../lambda/config/gateway-config.ts';
import { loadConfig } from '../../../lambda/config/load.ts';
import { DIGEST_KEY_FILE } from '../../../lambda/local/digest-key.ts';
import { openLocalServices, type LocalServicesOptions } from '../../../lambda/local/local-services.ts';
import { FileKeyStore } from '../../../lambda/state/file-key-store.ts';
import { hashKeyText, newKeyText } from '../../../lambda/state/key-text.ts';

let dir = '';
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'kt-local-'));
});
afterEach(() => rm(dir, { recursive: true }));

function configOf(more = ''): GatewayConfig {
  const text = `pack: {name: p, version: 1.0.0, enabled: true}
policies: {chain: [audit-logger]}
providers: {targets: [{id: a, provider: aimlapi, model: m}]${more}}`;
  const loaded = loadConfig([{ path: 'test.yaml', text }]);
  if (!loaded.ok) throw new Error('the configuration of this test is not valid');
  return loaded.config;
}

async function open(options: Partial<LocalServicesOptions> = {}) {
  const local = await openLocalServices(configOf(), {
    variables: {},
    auditDir: join(dir, 'audit'),
    log: () => {},
    ...options,
  });
  return { ...local, services: local.servicesFor(configOf()) };
}

describe('local services', () => {
  it('find secrets in the variables they were given', async () => {
    const { services, close } = await open({ variables: { AIMLAPI_KEY: 'k', EMPTY: ' ' } });
    expect(services.secrets.get({ env: 'AIMLAPI_KEY' })).toBe('k');
    expect(services.secrets.get({ env: 'EMPTY' })).toBeUndefined();
    expect(services.secrets.get({ env: 'OTHER' })).toBeUndefined();
    await close();
  });

  it('hash under the key of the audit folder, from run to run', async () => {
    const hashes: string[] = [];
    for (let run = 0; run < 2; run += 1) {
      const { services, close } = await open();
      const digest = services.createDigest();
      digest.update('text');
      hashes.push(digest.hex());
      await close();
    }
    expect(hashes[0]).toBe(hashes[1]);
  });

  it('write no key to the disk when the variables hold one', async () => {
    const { close } = await open({ variables: { KEEPTRUSTS_DIGEST_KEY: 'secret' } });
    await close();
    expect(await readdir(join(dir, 'audit'))).not.toContain(DIGEST_KEY_FILE);
  });

  it('are open without a keys file, and know its keys with one', async () => {
    const open1 = await open();
    expect(open1.services.keys).toBeUndefined();
    await open1.close();
    const keysFile = join(dir, 'keys.json');
    const key = newKeyText();
    const store = new FileKeyStore(keysFile);
    await store.put(hashKeyText(key), { name: 'laptop', role: 'caller', createdAt: 0 });
    const open2 = await open({ keysFile });
    expect(await open2.services.keys?.(key)).toMatchObject({ name: 'laptop' });
    expect(await open2.services.keys?.(newKeyText())).toBeUndefined();
    await open2.close();
  });

  it('keep circuits over a reload unless the settings of the breaker change', async () => {
    const local = await openLocalServices(configOf(), { variables: {}, auditDir: dir, log: () => {} });
    const { circuits } = local.servicesFor(configOf());
    expect(local.servicesFor(configOf()).circuits).toBe(circuits);
    expect(local.servicesFor(configOf(', circuit_breaker: {failure_threshold: 9}')).circuits).not.toBe(
      circuits,
    );
    await local.close();
  });

  it('block when evidence fails, unless told otherwise', async () => {
    const { services, close } = await open();
    expect(services.identity).toEqual({ gatewayId: 'local', environment: 'local', failMode: 'block' });
    await close();
  });

  it('are refused when the audit folder can not be one', async () => {
    await writeFile(join(dir, 'file'), '');
    await expect(open({ auditDir: join(dir, 'file') })).rejects.toThrow(AuditUnavailable);
  });
});
