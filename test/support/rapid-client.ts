/**
 * Stands in for the native part of AWS's runtime client where its install script did not run. Loaded with
 * --import before the client; fetches invocations over HTTP, which is what the native part does, too. Streamed
 * responses go through the client's own JavaScript in both cases.
 */
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';

const endpoint = `http://${process.env['AWS_LAMBDA_RUNTIME_API'] ?? ''}/2018-06-01/runtime/invocation`;

/** The client posts these synchronously and lets the process be frozen afterwards, so this must block, too. */
function post(path: string, body: string, headers: Readonly<Record<string, string>> = {}): void {
  const script = `
    const [url, body, headers] = JSON.parse(process.argv[1]);
    await fetch(url, { method: 'POST', body, headers });`;
  const request = JSON.stringify([`${endpoint}/${path}`, body, headers]);
  execFileSync(process.execPath, ['--input-type=module', '-e', script, request]);
}

const client = {
  async next(): Promise<{ bodyJson: string; headers: Record<string, string> }> {
    const response = await fetch(`${endpoint}/next`);
    return { bodyJson: await response.text(), headers: Object.fromEntries(response.headers) };
  },
  done: (id: string, body: string) => post(`${id}/response`, body),
  error: (id: string, body: string) => post(`${id}/error`, body),
};

const Module: unknown = createRequire(import.meta.url)('node:module');
if (typeof Module !== 'function' || !('_load' in Module) || typeof Module._load !== 'function') {
  throw new Error("this Node has no Module._load: the native part can't be replaced");
}
const load = Module._load;
Reflect.set(Module, '_load', (id: string, ...rest: unknown[]): unknown => {
  if (id.endsWith('rapid-client.node')) return client;
  const loaded: unknown = Reflect.apply(load, Module, [id, ...rest]);
  return loaded;
});
