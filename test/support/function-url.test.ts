/** The emulator behaves like Lambda where it matters: AWS's runtime client is real, what it sends is passed on. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HAS_NATIVE_PART } from './function-process.ts';
import { type FunctionUrl, startFunctionUrl } from './function-url.ts';

const HANDLERS = `
const stream = (handler) => awslambda.streamifyResponse(handler);
const from = (to, prelude) => awslambda.HttpResponseStream.from(to, prelude);
const cases = {
  '/echo': async (event, to) => {
    to = from(to, { statusCode: 201, headers: { 'content-type': 'application/json', 'x-seen': 'yes' } });
    to.write('');
    to.end(JSON.stringify(event));
  },
  '/chunks': async (event, to) => {
    to = from(to, { statusCode: 200, headers: { 'content-type': 'text/event-stream' } });
    to.write('one ');
    await new Promise((done) => setImmediate(done));
    to.write('two');
    to.end();
  },
  '/prelude-trap': async (event, to) => {
    from(to, { statusCode: 418, headers: {} }).end('no write before the end');
  },
  '/throws': async () => { throw new Error('before the first write'); },
  '/deadline': async (event, to, context) => {
    to = from(to, { statusCode: 200, headers: {} });
    to.write('');
    to.end(String(context.getRemainingTimeInMillis() > 50000));
  },
};
export const handler = stream((event, to, context) => cases[event.rawPath](event, to, context));
`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'function-'));
  await writeFile(join(folder, 'index.mjs'), HANDLERS);
  await writeFile(join(folder, 'broken.mjs'), "throw new Error('no table');");
});
afterAll(() => rm(folder, { recursive: true }));

const clients = [...(HAS_NATIVE_PART ? [['native', true] as const] : []), ['stand-in', false] as const];

describe.each(clients)('a Function URL, with the %s part of the runtime client', (_name, isNative) => {
  let gateway: FunctionUrl;
  beforeAll(async () => {
    gateway = await startFunctionUrl({ folder, handler: 'index.handler', isNative, timeoutMs: 60_000 });
  });
  afterAll(() => gateway.close());

  const call = (path: string, init?: RequestInit): Promise<Response> => fetch(`${gateway.url}${path}`, init);
  const post = async (body: string | Uint8Array<ArrayBuffer>, type: string): Promise<unknown> => {
    const response = await call('echo?a=1&b=%20', {
      method: 'POST',
      body,
      headers: { 'Content-Type': type, 'X-User-Id': 'u1' },
    });
    return response.json();
  };

  it('passes status and headers of the prelude on', async () => {
    const response = await call('echo');
    expect(response.status).toBe(201);
    expect(response.headers.get('x-seen')).toBe('yes');
  });

  it('gives the function an event of format 2.0', async () => {
    expect(await post('{"a":"é"}', 'application/json')).toMatchObject({
      version: '2.0',
      rawPath: '/echo',
      rawQueryString: 'a=1&b=%20',
      headers: { 'x-user-id': 'u1', 'content-type': 'application/json' },
      requestContext: { http: { method: 'POST', sourceIp: '127.0.0.1' } },
      body: '{"a":"é"}',
      isBase64Encoded: false,
    });
  });

  it('encodes what is no text', async () => {
    expect(await post(new Uint8Array([0, 255]), 'application/octet-stream')).toMatchObject({
      body: 'AP8=',
      isBase64Encoded: true,
    });
  });

  it('passes a streamed body on', async () => {
    expect(await (await call('chunks')).text()).toBe('one two');
  });

  it('loses the status of a response that ends without a write, as Lambda does', async () => {
    expect((await call('prelude-trap')).status).not.toBe(418);
  });

  it('tells the function how much time is left', async () => {
    expect(await (await call('deadline')).text()).toBe('true');
  });

  it('serves on after a handler has thrown', async () => {
    await (await call('throws')).text();
    expect((await call('echo')).status).toBe(201);
  });

  it('refuses more than Lambda takes', async () => {
    const response = await call('echo', { method: 'POST', body: new Uint8Array(6 * 1024 * 1024 + 1) });
    expect(response.status).toBe(413);
  });
});

describe('a function that can not be initialised', () => {
  it('is told with its log', async () => {
    await expect(startFunctionUrl({ folder, handler: 'broken.handler' })).rejects.toThrow(/no table/);
  });
});
