import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import type { Gateway, GatewayReply, GatewayRequest } from '../../../lambda/http/gateway-request.ts';
import {
  startNodeServer,
  type NodeServer,
  type NodeServerOptions,
} from '../../../lambda/http/node-server.ts';
import { readHeaders } from '../../../lambda/http/node-request.ts';
import { RequestBodyFailure } from '../../../lambda/http/request-body-failure.ts';

const open: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).toReversed()) await close();
});

type Handle = (request: GatewayRequest) => Promise<GatewayReply> | GatewayReply;

async function serve(handle: Handle, options: Partial<NodeServerOptions> = {}): Promise<NodeServer> {
  const gateway: Gateway = { handle: async (request) => handle(request) };
  const server = await startNodeServer(gateway, { host: '127.0.0.1', port: 0, log: () => {}, ...options });
  open.push(() => server.close(0));
  return server;
}

/** A raw connection, and everything that came back on it. */
class Peer {
  received = '';
  isClosed = false;
  readonly socket: Socket;
  #wake: (() => void)[] = [];
  constructor(server: NodeServer) {
    this.socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    this.socket.setNoDelay(true);
    const stir = (): void => {
      for (const wake of this.#wake.splice(0)) wake();
    };
    this.socket.on('data', (chunk: Buffer) => {
      this.received += chunk.toString('latin1');
      stir();
    });
    this.socket.on('error', () => {});
    this.socket.on('close', () => {
      this.isClosed = true;
      stir();
    });
    open.push(() => {
      this.socket.destroy();
    });
  }
  send(text: string): this {
    this.socket.write(text);
    return this;
  }
  /** Everything received, once it contains the text or the connection is over. */
  async until(text: string): Promise<string> {
    while (!this.received.includes(text) && !this.isClosed) {
      await new Promise<void>((resolve) => this.#wake.push(resolve));
    }
    return this.received;
  }
  async untilClosed(): Promise<string> {
    while (!this.isClosed) await new Promise<void>((resolve) => this.#wake.push(resolve));
    return this.received;
  }
}

const post = (body: string, extra = ''): string =>
  `POST /v1/chat/completions?x=1 HTTP/1.1\r\nHost: h\r\n${extra}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

async function textOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}

const ok = (body: GatewayReply['body'] = 'fine'): GatewayReply => ({
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body,
});

function deferred<T>(): { readonly promise: Promise<T>; readonly resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((settle) => {
    resolve = settle;
  });
  return { promise, resolve };
}

describe('the request that the gateway gets', () => {
  it('has method, target, headers by lower-case name, body and address', async () => {
    let seen: GatewayRequest | undefined;
    let body = '';
    const server = await serve(async (request) => {
      seen = request;
      body = await textOf(request.body);
      return ok();
    });
    await new Peer(server).send(post('hällo', 'X-Team: a\r\nx-team: b\r\n')).until('fine');
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/v1/chat/completions?x=1',
      headers: { host: 'h', 'x-team': 'a, b', 'content-length': '6' },
      remoteAddress: '127.0.0.1',
    });
    expect(seen?.signal.aborted).toBe(false);
    expect(body).toBe('hällo');
  });

  it.each([
    ['in one piece', ['hello world']],
    ['in two pieces', ['hello', ' world']],
    ['byte by byte', 'hello world'.split('')],
  ])('has a body that arrives %s', async (_name, pieces) => {
    const server = await serve(async ({ body }) => ok(`<${await textOf(body)}>`));
    const peer = new Peer(server);
    peer.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 11\r\n\r\n');
    for (const piece of pieces) {
      peer.send(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await peer.until('>')).toContain('<hello world>');
  });

  it.each([
    ['http://gateway:41002/v1/models?x=1', '/v1/models?x=1'],
    ['HTTPS://gateway/v1/models', '/v1/models'],
    ['http://gateway', '/'],
    ['http://gateway?x=1', '/?x=1'],
    ['//gateway/v1/models', '//gateway/v1/models'],
    ['/http://gateway/v1/models', '/http://gateway/v1/models'],
  ])('has the path of a target that is written as %s', async (target, url) => {
    let seen: GatewayRequest | undefined;
    const server = await serve((request) => {
      seen = request;
      return ok();
    });
    await new Peer(server).send(`GET ${target} HTTP/1.1\r\nHost: h\r\n\r\n`).until('fine');
    expect(seen?.url).toBe(url);
  });

  it('has a chunked body without its framing', async () => {
    const server = await serve(async ({ body }) => ok(`<${await textOf(body)}>`));
    const peer = new Peer(server);
    peer.send(
      'POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n',
    );
    expect(await peer.until('>')).toContain('<abcde>');
  });

  it('has an empty body when none was sent', async () => {
    const server = await serve(async ({ body }) => ok(`<${await textOf(body)}>`));
    expect(await new Peer(server).send('GET / HTTP/1.1\r\nHost: h\r\n\r\n').until('>')).toContain('<>');
  });

  it('keeps every header of many', async () => {
    const server = await serve(({ headers }) => ok(`<${Object.keys(headers).length}>`));
    const many = Array.from({ length: 3000 }, (_, index) => `a${index}:b\r\n`).join('');
    expect(await new Peer(server).send(post('', many)).until('>')).toContain('<3002>');
  });

  it.each([
    ['constructor', ['Constructor', 'x'], { constructor: 'x' }],
    ['repeated', ['A', '1', 'a', '2', 'B', '3'], { a: '1, 2', b: '3' }],
    ['empty', ['A', ''], { a: '' }],
  ])('reads a header list that is %s', (_name, raw, headers) => {
    expect({ ...readHeaders(raw) }).toEqual(headers);
  });
});

describe('the reply that goes out', () => {
  it.each([
    ['a string', 'grüße', '7'],
    ['bytes', new Uint8Array([104, 105]), '2'],
    ['nothing', '', '0'],
  ])('is %s with its length', async (_name, body, length) => {
    const server = await serve(() => ok(body));
    const answer = await new Peer(server).send(post('', 'Connection: close\r\n')).untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\n/);
    expect(answer).toContain(`content-length: ${length}\r\n`);
    expect(answer.split('\r\n\r\n')[1]).toBe(Buffer.from(body).toString('latin1'));
  });

  it('has no body and no length with status 204', async () => {
    const server = await serve(() => ({ status: 204, headers: {}, body: '' }));
    const answer = await new Peer(server).send(post('', 'Connection: close\r\n')).untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 204 /);
    expect(answer).not.toMatch(/content-length|transfer-encoding/i);
  });

  it('streams strings and bytes in order', async () => {
    const server = await serve(() =>
      ok(
        (async function* () {
          yield 'a';
          yield new Uint8Array([98]);
          yield 'c';
          await new Promise((resolve) => setImmediate(resolve));
          yield 'd';
        })(),
      ),
    );
    const answer = await new Peer(server).send(post('', 'Connection: close\r\n')).untilClosed();
    expect(answer).toContain('Transfer-Encoding: chunked');
    const [, framed = ''] = answer.split(/\r\n\r\n(.*)/s);
    expect(framed.replaceAll(/[0-9a-f]+\r\n(.*?)\r\n/gs, '$1')).toBe('abcd');
  });

  it('joins strings that are ready together into one chunk', async () => {
    const server = await serve(() =>
      ok(
        (async function* () {
          for (let index = 0; index < 500; index += 1) yield 'ab';
        })(),
      ),
    );
    expect(await new Peer(server).send(post('')).until('\r\n0\r\n')).toContain(
      `3e8\r\n${'ab'.repeat(500)}\r\n`,
    );
  });

  it('sends the status before a first chunk that is long in coming', async () => {
    const hold = deferred<void>();
    const server = await serve(() =>
      ok(
        (async function* () {
          await hold.promise;
          yield 'late';
        })(),
      ),
    );
    const peer = new Peer(server).send(post(''));
    expect(await peer.until('\r\n\r\n')).not.toContain('late');
    hold.resolve();
    expect(await peer.until('late')).toContain('late');
  });

  it('serves request after request on one connection', async () => {
    let count = 0;
    const server = await serve(async ({ body }) => {
      await textOf(body);
      count += 1;
      return ok(`<${count}>`);
    });
    const peer = new Peer(server);
    for (const expected of ['<1>', '<2>', '<3>']) {
      expect(await peer.send(post('x')).until(expected)).toContain(expected);
    }
  });

  it('answers pipelined requests in their order', async () => {
    const server = await serve(async ({ url }) => {
      if (url === '/slow') await new Promise((resolve) => setImmediate(resolve));
      return ok(`<${url}>`);
    });
    const get = (path: string): string => `GET ${path} HTTP/1.1\r\nHost: h\r\n\r\n`;
    const answer = await new Peer(server).send(get('/slow') + get('/fast')).until('</fast>');
    expect(answer.indexOf('</slow>')).toBeLessThan(answer.indexOf('</fast>'));
  });

  it('reaches a caller who is still sending his body, and the connection lives on', async () => {
    const server = await serve(({ url }) =>
      url === '/early' ? { status: 413, headers: {}, body: 'too large' } : ok('<next>'),
    );
    const peer = new Peer(server);
    const size = 4_000_000;
    peer.send(`POST /early HTTP/1.1\r\nHost: h\r\nContent-Length: ${size}\r\n\r\n`);
    expect(await peer.until('too large')).toContain('413');
    peer.send('x'.repeat(size)).send('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    expect(await peer.until('<next>')).toContain('<next>');
  });

  it('does the same when a part of the body was read', async () => {
    const server = await serve(async ({ body, url }) => {
      if (url !== '/early') return ok('<next>');
      for await (const _part of body) break;
      return { status: 413, headers: {}, body: 'too large' };
    });
    const peer = new Peer(server);
    peer.send(`POST /early HTTP/1.1\r\nHost: h\r\nContent-Length: 4000000\r\n\r\n${'x'.repeat(1_000_000)}`);
    await peer.until('too large');
    peer.send('x'.repeat(3_000_000)).send('GET / HTTP/1.1\r\nHost: h\r\n\r\n');
    expect(await peer.until('<next>')).toContain('<next>');
  });

  it('asks a stream for no more while the reader is slow', async () => {
    let produced = 0;
    const server = await serve(() =>
      ok(
        (async function* () {
          for (; produced < 800; produced += 1) yield 'x'.repeat(50_000);
        })(),
      ),
    );
    const peer = new Peer(server);
    peer.send(post('', 'Connection: close\r\n'));
    await peer.until('x');
    peer.socket.pause();
    let before = -1;
    // The socket's buffers fill up within some turns; then nothing moves.
    for (let still = 0; still < 50; still = produced === before ? still + 1 : 0) {
      before = produced;
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(produced).toBeLessThan(700);
    peer.socket.resume();
    await peer.untilClosed();
    expect(produced).toBe(800);
  });
});

describe('a caller who goes away', () => {
  it.each([
    ['resets', (peer: Peer) => peer.socket.resetAndDestroy()],
    ['closes', (peer: Peer) => peer.socket.destroy()],
    ['says goodbye', (peer: Peer) => peer.socket.end()],
  ])('aborts the request when he %s before the answer', async (_name, leave) => {
    const started = deferred<AbortSignal>();
    const server = await serve(async ({ signal, body }) => {
      await textOf(body);
      started.resolve(signal);
      await once(signal, 'abort');
      return ok();
    });
    const peer = new Peer(server).send(post('x'));
    const signal = await started.promise;
    const aborted = once(signal, 'abort');
    leave(peer);
    await aborted;
    expect(signal.aborted).toBe(true);
  });

  it('aborts the request midway in a stream, and the stream is left', async () => {
    const left = deferred<string>();
    const server = await serve(({ signal }) =>
      ok(
        (async function* () {
          try {
            yield 'first';
            await once(signal, 'abort');
            yield 'never';
          } finally {
            left.resolve('left');
          }
        })(),
      ),
    );
    const peer = new Peer(server).send(post(''));
    await peer.until('first');
    peer.socket.destroy();
    expect(await left.promise).toBe('left');
    expect(peer.received).not.toContain('never');
  });

  it('ends a write that waits for a slow reader', async () => {
    const left = deferred<string>();
    const server = await serve(() =>
      ok(
        (async function* () {
          try {
            for (;;) yield 'x'.repeat(100_000);
          } finally {
            left.resolve('left');
          }
        })(),
      ),
    );
    const peer = new Peer(server).send(post(''));
    await peer.until('x');
    peer.socket.pause();
    peer.socket.destroy();
    expect(await left.promise).toBe('left');
  });

  it('makes the reading of his body fail', async () => {
    const failure = deferred<unknown>();
    const server = await serve(async ({ body }) => {
      await textOf(body).catch(failure.resolve);
      return ok();
    });
    const peer = new Peer(server);
    peer.send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc');
    peer.socket.end();
    const error = await failure.promise;
    expect(error).toBeInstanceOf(RequestBodyFailure);
    expect(error).toMatchObject({ reason: expect.stringMatching(/closed|malformed/) as unknown });
  });

  it('is not reported after his answer is complete', async () => {
    let signal: AbortSignal | undefined;
    const server = await serve((request) => {
      signal = request.signal;
      return ok('done');
    });
    const peer = new Peer(server).send(post(''));
    await peer.until('done');
    peer.socket.destroy();
    await new Promise((resolve) => setImmediate(resolve));
    expect(signal?.aborted).toBe(false);
  });
});

describe('bytes that are no request', () => {
  it.each([
    ['is no HTTP', 'HELO example.org\r\n\r\n', 400, 'malformed_http'],
    [
      'has both framings',
      'POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n',
      400,
      'malformed_http',
    ],
    ['has a NUL in a header', 'GET / HTTP/1.1\r\nHost: h\r\nA: \0\r\n\r\n', 400, 'malformed_http'],
    [
      'has headers of 40,000 bytes',
      `GET / HTTP/1.1\r\nHost: h\r\nA: ${'x'.repeat(40_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
  ])('get an error that clients can parse when it %s', async (_name, bytes, status, code) => {
    let asked = false;
    const server = await serve(() => {
      asked = true;
      return ok();
    });
    const answer = await new Peer(server).send(bytes).untilClosed();
    expect(answer).toContain(`HTTP/1.1 ${status} `);
    const body: unknown = JSON.parse(answer.split('\r\n\r\n')[1] ?? '');
    expect(body).toMatchObject({ error: { type: 'invalid_request_error', code, param: null } });
    expect(answer).toMatch(/x-request-id: \S+/);
    expect(asked).toBe(false);
  });

  it('get 408 when the headers never end', async () => {
    const server = await serve(() => ok(), { headersTimeoutMs: 20, requestTimeoutMs: 20 });
    const answer = await new Peer(server).send('GET / HTTP/1.1\r\nHo').untilClosed();
    expect(answer).toContain('HTTP/1.1 408 ');
    expect(answer).toContain('"code":"request_timeout"');
  });

  it('let the gateway answer a body that is too slow', async () => {
    const server = await serve(
      async ({ body }) => {
        try {
          return ok(await textOf(body));
        } catch (error) {
          return { status: 408, headers: {}, body: error instanceof RequestBodyFailure ? error.reason : '' };
        }
      },
      { requestTimeoutMs: 20 },
    );
    const peer = new Peer(server).send('POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabc');
    expect(await peer.untilClosed()).toMatch(/^HTTP\/1\.1 408 .*too_slow$/s);
  });

  it('let the gateway answer a body whose framing breaks', async () => {
    const server = await serve(async ({ body }) => {
      try {
        return ok(await textOf(body));
      } catch (error) {
        return { status: 400, headers: {}, body: error instanceof RequestBodyFailure ? error.reason : '' };
      }
    });
    const peer = new Peer(server);
    peer.send('POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n');
    expect(await peer.untilClosed()).toMatch(/^HTTP\/1\.1 400 .*malformed$/s);
  });

  it('never end the process, whatever they are', async () => {
    const server = await serve(() => ok());
    for (const bytes of [
      '\0\0\0',
      '\r\n\r\n',
      'GET',
      '\x16\x03\x01\x02\x00\x01',
      'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
    ]) {
      const peer = new Peer(server).send(bytes);
      peer.socket.end();
      await peer.untilClosed();
    }
    expect(await new Peer(server).send(post('')).until('fine')).toContain('fine');
  });
});

describe('expectations', () => {
  const expecting = 'POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n';

  it('are met once the body is wanted', async () => {
    const server = await serve(async ({ body }) => ok(`<${await textOf(body)}>`));
    const peer = new Peer(server).send(expecting);
    await peer.until('100 Continue\r\n\r\n');
    expect(await peer.send('abc').until('<abc>')).toContain('200 OK');
  });

  it('are passed over when the answer needs no body, and the connection ends', async () => {
    const server = await serve(() => ({ status: 401, headers: {}, body: 'no' }));
    const answer = await new Peer(server).send(expecting).untilClosed();
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
  });

  it('of another kind are refused', async () => {
    const server = await serve(() => ok());
    const peer = new Peer(server).send('GET / HTTP/1.1\r\nHost: h\r\nExpect: wonders\r\n\r\n');
    expect(await peer.until('}}')).toContain('417');
  });
});

describe('a fault in the gateway', () => {
  it('is answered 500, logged, and survived', async () => {
    const lines: string[] = [];
    const log: NodeServerOptions['log'] = (level, message) => void lines.push(`${level} ${message}`);
    const server = await serve(
      ({ url }) => {
        if (url === '/fault') throw new TypeError('a bug');
        return ok();
      },
      { log },
    );
    const peer = new Peer(server).send('GET /fault HTTP/1.1\r\nHost: h\r\n\r\n');
    const answer = await peer.until('}}');
    expect(answer).toContain('500');
    expect(answer).not.toContain('a bug');
    expect(lines).toEqual(['error a request could not be answered']);
    expect(await peer.send(post('')).until('fine')).toContain('fine');
  });

  it('in a stream cuts the connection, so that nobody takes the answer for complete', async () => {
    const server = await serve(() =>
      ok(
        (async function* () {
          yield 'half';
          await new Promise((resolve) => setImmediate(resolve));
          throw new TypeError('a bug');
        })(),
      ),
    );
    const answer = await new Peer(server).send(post('')).untilClosed();
    expect(answer).toContain('half');
    expect(answer).not.toContain('\r\n0\r\n\r\n');
  });
});

describe('draining', () => {
  it('lets a running stream end, still asks the gateway for new calls, then closes every connection', async () => {
    const hold = deferred<void>();
    const server = await serve(({ url }) =>
      url === '/stream'
        ? ok(
            (async function* () {
              yield 'first';
              await hold.promise;
              yield 'last';
            })(),
          )
        : { status: 503, headers: {}, body: '<refused>' },
    );
    const idle = new Peer(server).send(post(''));
    await idle.until('<refused>');
    const running = new Peer(server).send('GET /stream HTTP/1.1\r\nHost: h\r\n\r\n');
    await running.until('first');
    const closed = server.close(60_000);
    const late = await new Peer(server).send(post('')).untilClosed();
    expect(late).toMatch(/^HTTP\/1\.1 503 /);
    expect(running.isClosed).toBe(false);
    hold.resolve();
    expect(await running.untilClosed()).toContain('last');
    await idle.untilClosed();
    await closed;
  });

  it('cuts what still runs when its time is over', async () => {
    const aborted = deferred<string>();
    const server = await serve(({ signal }) =>
      ok(
        (async function* () {
          yield 'first';
          await once(signal, 'abort');
          aborted.resolve('aborted');
        })(),
      ),
    );
    const running = new Peer(server).send(post(''));
    await running.until('first');
    await server.close(1);
    expect(await aborted.promise).toBe('aborted');
    await running.untilClosed();
  });

  it('waits until what was cut has left its evidence', async () => {
    const stored = deferred<void>();
    const steps: string[] = [];
    const server = await serve(({ signal }) =>
      ok(
        (async function* () {
          yield 'first';
          await once(signal, 'abort');
          await stored.promise;
          steps.push('stored');
        })(),
      ),
    );
    const running = new Peer(server).send(post(''));
    await running.until('first');
    const closed = server.close(1).then(() => steps.push('closed'));
    await running.untilClosed();
    stored.resolve();
    await closed;
    expect(steps).toEqual(['stored', 'closed']);
  });

  it('takes no time when nothing runs', async () => {
    const server = await serve(() => ok());
    const idle = new Peer(server).send(post(''));
    await idle.until('fine');
    await server.close(60_000);
    expect(await idle.untilClosed()).toContain('fine');
  });
});

it('a port that is taken rejects with the code of the system', async () => {
  const server = await serve(() => ok());
  const port = Number(new URL(server.url).port);
  await expect(serve(() => ok(), { port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
});

const hasIPv6 = Object.values(networkInterfaces()).some((at) => at?.some(({ address }) => address === '::1'));

it.runIf(hasIPv6)('an address of version 6 stands in brackets in the URL', async () => {
  const server = await serve(() => ok(), { host: '::1' });
  expect(server.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
});
