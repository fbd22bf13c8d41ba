/** Whether this machine lets the gateway run: its audit folder and its ports. */
import { access, constants, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import type { ListenAddress } from '../gateway-run/listen-address.ts';
import { isObject, parseObject } from '../upstream/json.ts';
import { systemCode } from '../terminal.ts';
import { failed, ok, warning, type Check } from './check.ts';

/** Nothing is written: the folder, or the nearest one above it that exists, must let us. */
export async function checkAuditFolder(dir: string): Promise<Check> {
  const name = `audit folder ${dir}`;
  for (let path = resolve(dir); ; path = dirname(path)) {
    const found = await stat(path).catch(() => undefined);
    if (found === undefined && path !== dirname(path)) continue;
    if (found?.isDirectory() !== true)
      return failed(name, `${path} is no folder; name another one with --audit-dir`);
    const isWritable = await access(path, constants.W_OK | constants.X_OK).then(
      () => true,
      () => false,
    );
    if (!isWritable)
      return failed(name, `${path} can not be written to; change its rights, or name another one`);
    return ok(name, path === resolve(dir) ? 'writable' : 'will be made at the first start');
  }
}

/** A taken port is fine when a gateway has it: then its targets and circuits are told. */
export async function checkPort({ host, port }: ListenAddress): Promise<readonly Check[]> {
  const name = `port ${host}:${port}`;
  const code = await bindingFault(host, port);
  if (code === undefined) return [ok(name, 'free')];
  if (code !== 'EADDRINUSE')
    return [failed(name, `can not be used (${code}); choose another one with --listen`)];
  const health = await healthOf(host, port);
  if (health === undefined)
    return [warning(name, 'taken by another program; choose another one with --listen')];
  return [ok(name, `a gateway is running: ${String(health['status'])}`), ...circuitsOf(health['providers'])];
}

function bindingFault(host: string, port: number): Promise<string | undefined> {
  return new Promise((settle) => {
    const probe = createServer();
    probe.once('error', (error) => settle(systemCode(error) ?? 'unknown'));
    probe.listen(port, host, () => probe.close(() => settle(undefined)));
  });
}

async function healthOf(host: string, port: number): Promise<Readonly<Record<string, unknown>> | undefined> {
  const name = host.includes(':') ? `[${host}]` : host;
  try {
    const answer = await fetch(`http://${name}:${port}/health`, { signal: AbortSignal.timeout(2000) });
    const body = parseObject(await answer.text());
    return isObject(body) && 'policies_loaded' in body ? body : undefined;
  } catch {
    return undefined;
  }
}

function circuitsOf(providers: unknown): readonly Check[] {
  if (!isObject(providers)) return [];
  return Object.entries(providers).map(([id, provider]) => {
    const { circuit, state } = isObject(provider) ? provider : {};
    const told = `${String(circuit)}, ${String(state)}`;
    return circuit === 'closed' ? ok(`circuit ${id}`, told) : warning(`circuit ${id}`, told);
  });
}
