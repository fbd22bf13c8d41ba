/** Calls to an upstream: what goes out, what comes back, and how a connection fails. */
import { once } from 'node:events';
import { createServer as createTls } from 'node:https';
import { gzipSync, brotliCompressSync, deflateSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ConnectionFailure } from '../../../lambda/upstream/upstream-call.ts';
import { aCaller, anHttpServer, aRequest, aTcpServer, textOf } from './servers.ts';
import { CERTIFICATE, PRIVATE_KEY } from './certificate.ts';

describe('a call', () => {
  it('sends method, path, headers and body as they are, and gives status, headers and body back', async () => {
    await using server = await anHttpServer((request, response) => {
      request.setEncoding('utf8');
      let body = '';
      request.on('data', (chunk: string) => (body += chunk));
      request.on('end', () => {
        response.writeHead(201, { 'X-Upper': 'case', 'set-cookie': ['a=1', 'b=2'] });
        response.end(JSON.stringify([request.method, request.url, request.headers['x-own'], body]));
      });
    });
    await using caller = aCaller();
    const reply = await caller.call(
      aRequest(`${server.url}/chat?x=1`, { headers: { 'x-own': 'yes' }, body: '{"é": "ü"}' }),
    );
    expect(reply.status).toBe(201);
    expect(reply.headers).toMatchObject({ 'x-upper': 'case', 'set-cookie': 'a=1, b=2' });
    expect(JSON.parse(await textOf(reply))).toEqual(['POST', '/v1/chat?x=1', 'yes', '{"é": "ü"}']);
  });

  it('sends bytes, or no body at all', async () => {
    await using server = await anHttpServer((request, response) => {
      void request.pipe(response);
    });
    await using caller = aCaller();
    const bytes = await caller.call(aRequest(server.url, { body: new Uint8Array([104, 105]) }));
    expect(await textOf(bytes)).toBe('hi');
    const { body: _body, ...bodiless } = aRequest(server.url, { method: 'GET' });
    expect(await textOf(await caller.call(bodiless))).toBe('');
  });

  it('keeps the connection for the next call to the same origin', async () => {
    let connections = 0;
    await using server = await anHttpServer((_, response) => response.end('x'));
    await using caller = aCaller();
    for (let i = 0; i < 3; i += 1) {
      const reply = await caller.call(aRequest(`${server.url}/${i}`));
      expect(await textOf(reply)).toBe('x');
      await new Promise(setImmediate);
      connections = server.sockets.size;
    }
    expect(connections).toBe(1);
  });

  it('waits for the status behind interim ones', async () => {
    await using server = await anHttpServer((_, response) => {
      response.writeEarlyHints({ link: '</x>; rel=preload' });
      response.end('x');
    });
    await using caller = aCaller();
    const reply = await caller.call(aRequest(server.url));
    expect([reply.status, await textOf(reply)]).toEqual([200, 'x']);
  });

  it('gives the first bytes while the rest is still to come', async () => {
    let finish = (): void => undefined;
    await using server = await anHttpServer((_, response) => {
      response.write('first');
      finish = () => response.end('last');
    });
    await using caller = aCaller();
    const reader = (await caller.call(aRequest(server.url))).body[Symbol.asyncIterator]();
    const first = await reader.next();
    expect(Buffer.from(first.value ?? []).toString()).toBe('first');
    finish();
    const last = await reader.next();
    expect(Buffer.from(last.value ?? []).toString()).toBe('last');
    expect((await reader.next()).done).toBe(true);
  });

  it('takes a body that ends with its connection as whole', async () => {
    await using server = await aTcpServer((socket) =>
      socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nall'),
    );
    await using caller = aCaller();
    expect(await textOf(await caller.call(aRequest(server.url)))).toBe('all');
  });

  it('does not let a slow reader hoard, and loses nothing', async () => {
    const megabytes = 20;
    let written = 0;
    await using server = await anHttpServer((_, response) => {
      const chunk = Buffer.alloc(1024 * 1024, 'a');
      const more = (): void => {
        while (written < megabytes) {
          written += 1;
          if (!response.write(chunk)) {
            response.once('drain', more);
            return;
          }
        }
        response.end();
      };
      more();
    });
    await using caller = aCaller();
    const reply = await caller.call(aRequest(server.url));
    const reader = reply.body[Symbol.asyncIterator]();
    const first = await reader.next();
    let length = first.done === true ? 0 : first.value.byteLength;
    for (let turn = 0; turn < 500; turn += 1) await new Promise(setImmediate);
    expect(written).toBeLessThan(megabytes);
    for (let read = await reader.next(); read.done !== true; read = await reader.next()) {
      length += read.value.byteLength;
    }
    expect(length).toBe(megabytes * 1024 * 1024);
  });
});

describe('a compressed body, though none was asked for, is decoded', () => {
  it.each([
    ['gzip', gzipSync],
    ['x-gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
    ['zstd', zstdCompressSync],
  ] as const)('%s', async (encoding, compress) => {
    const whole = 'data: token\n\n'.repeat(20_000);
    await using server = await anHttpServer((_, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(compress(whole));
    });
    await using caller = aCaller();
    const reply = await caller.call(aRequest(server.url));
    expect(reply.headers).not.toHaveProperty('content-encoding');
    expect(await textOf(reply)).toBe(whole);
  });

  it.each([
    ['broken', Buffer.from('this is no gzip'), 'Z_DATA_ERROR'],
    ['cut', gzipSync('x'.repeat(1000)).subarray(0, 20), 'Z_BUF_ERROR'],
  ])('one that is %s is a failure', async (_, bytes, code) => {
    await using server = await anHttpServer((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(bytes);
    });
    await using caller = aCaller();
    const reply = await caller.call(aRequest(server.url));
    await expect(textOf(reply)).rejects.toMatchObject({ name: 'ConnectionFailure', code });
  });

  it('an unknown coding passes as it is, its header too', async () => {
    await using server = await anHttpServer((_, response) => {
      response.writeHead(200, { 'content-encoding': 'identity' }).end('x');
    });
    await using caller = aCaller();
    const reply = await caller.call(aRequest(server.url));
    expect([reply.headers['content-encoding'], await textOf(reply)]).toEqual(['identity', 'x']);
  });

  it('leaving one early closes the connection', async () => {
    await using server = await anHttpServer((_, response) => {
      response
        .writeHead(200, { 'content-encoding': 'gzip' })
        .write(gzipSync('x'.repeat(100_000)).subarray(0, 80));
    });
    await using caller = aCaller();
    const reply = await caller.call(aRequest(server.url));
    const [socket] = server.sockets;
    for await (const _ of reply.body) break;
    if (socket?.destroyed === false) await once(socket, 'close');
    expect(server.sockets.size).toBe(0);
  });
});

describe('a connection that fails', () => {
  const failing = [
    ['refused', 'http://127.0.0.1:1/v1', 'ECONNREFUSED'],
    ['to an unknown host', 'http://host.invalid/v1', /^ENOTFOUND$|^EAI_AGAIN$/],
    ['to no address', 'not an address', 'EINVAL'],
  ] as const;
  it.each(failing)('%s', async (_, url, code) => {
    await using caller = aCaller();
    const failure = await caller.call(aRequest(url)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ConnectionFailure);
    expect(failure instanceof ConnectionFailure && failure.code).toMatch(code);
  });

  it('with a header that cannot be sent', async () => {
    await using server = await anHttpServer((_, response) => response.end());
    await using caller = aCaller();
    const request = aRequest(server.url, { headers: { authorization: 'Bearer a\nb' } });
    const failure = await caller.call(request).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'EINVAL' });
    expect(String(failure)).not.toContain('Bearer');
  });

  it.each([
    ['closed before the status', '', 'ECONNRESET'],
    ['closed within the headers', 'HTTP/1.1 200 OK\r\ncontent-le', 'ECONNRESET'],
    ['that speaks no HTTP', 'SSH-2.0-OpenSSH\r\n', 'EPROTO'],
  ])('%s', async (_, bytes, code) => {
    await using server = await aTcpServer((socket) => socket.end(bytes));
    await using caller = aCaller();
    await expect(caller.call(aRequest(server.url))).rejects.toMatchObject({
      name: 'ConnectionFailure',
      code,
    });
  });

  it('reset before the status', async () => {
    await using server = await aTcpServer((socket) => socket.resetAndDestroy());
    await using caller = aCaller();
    await expect(caller.call(aRequest(server.url))).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  const cut = [
    ['a body shorter than its length', 'content-length: 10\r\n\r\nshort', 'ECONNRESET'],
    [
      'a chunked body without its last chunk',
      'transfer-encoding: chunked\r\n\r\n5\r\nshort\r\n',
      'ECONNRESET',
    ],
    [
      'a chunked body of a closing connection',
      'connection: close\r\ntransfer-encoding: chunked\r\n\r\n5\r\nshort\r\n',
      'ECONNRESET',
    ],
    ['a chunk whose length is none', 'transfer-encoding: chunked\r\n\r\n5\r\nshort\r\nzz\r\n', 'EPROTO'],
  ] as const;
  it.each(cut)('after the status: %s gives what came, then fails', async (_, rest, code) => {
    await using server = await aTcpServer((socket) => socket.end(`HTTP/1.1 200 OK\r\n${rest}`));
    await using caller = aCaller();
    const reader = (await caller.call(aRequest(server.url))).body[Symbol.asyncIterator]();
    expect(Buffer.from((await reader.next()).value ?? []).toString()).toBe('short');
    await expect(reader.next()).rejects.toMatchObject({ name: 'ConnectionFailure', code });
  });

  it('reset within the body', async () => {
    await using server = await aTcpServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nshort', () => socket.resetAndDestroy());
    });
    await using caller = aCaller();
    const reply = await caller.call(aRequest(server.url));
    await expect(textOf(reply)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('a kept connection that its server has closed', () => {
  it('is replaced before the next request is written', async () => {
    await using server = await aTcpServer((socket, count) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx', () => {
        if (count === 1) socket.resetAndDestroy();
      });
    });
    await using caller = aCaller();
    for (let i = 0; i < 3; i += 1) expect(await textOf(await caller.call(aRequest(server.url)))).toBe('x');
  });

  it('with the request already written is a failure: it may have been processed', async () => {
    let seen = 0;
    await using server = await aTcpServer((socket, count) => {
      seen = count;
      if (count === 1) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\nx');
      else socket.destroy();
    });
    await using caller = aCaller();
    expect(await textOf(await caller.call(aRequest(server.url)))).toBe('x');
    await expect(caller.call(aRequest(server.url))).rejects.toMatchObject({ code: 'ECONNRESET' });
    expect(seen).toBe(2);
  });
});

describe('a signal', () => {
  const reason = new Error('deadline');

  it('that is aborted already sends nothing', async () => {
    await using server = await aTcpServer(() => undefined);
    await using caller = aCaller();
    await expect(caller.call(aRequest(server.url, { signal: AbortSignal.abort(reason) }))).rejects.toBe(
      reason,
    );
    expect(server.sockets.size).toBe(0);
  });

  it('aborted while connecting sends nothing, though the connection comes', async () => {
    let requests = 0;
    await using server = await aTcpServer((_, count) => (requests = count));
    await using caller = aCaller();
    const leave = new AbortController();
    const calling = caller.call(aRequest(server.url, { signal: leave.signal }));
    leave.abort(reason);
    await expect(calling).rejects.toBe(reason);
    while (server.sockets.size === 0) await new Promise(setImmediate);
    await caller.close();
    expect(requests).toBe(0);
  });

  it('aborted before the status closes the connection', async () => {
    const leave = new AbortController();
    const closed = Promise.withResolvers<string>();
    await using server = await aTcpServer((socket) => {
      socket.on('close', () => closed.resolve('closed'));
      leave.abort(reason);
    });
    await using caller = aCaller();
    await expect(caller.call(aRequest(server.url, { signal: leave.signal }))).rejects.toBe(reason);
    await expect(closed.promise).resolves.toBe('closed');
  });

  it('aborted within the body drops what has arrived, throws its reason and closes the connection', async () => {
    const leave = new AbortController();
    const closed = Promise.withResolvers<string>();
    await using server = await anHttpServer((_, response) => {
      response.on('close', () => closed.resolve('closed'));
      response.write('some');
    });
    await using caller = aCaller();
    const reply = await caller.call(aRequest(server.url, { signal: leave.signal }));
    const reading = textOf(reply);
    await new Promise(setImmediate);
    leave.abort(reason);
    await expect(reading).rejects.toBe(reason);
    await expect(closed.promise).resolves.toBe('closed');
  });

  it('may have any reason', async () => {
    await using server = await aTcpServer(() => leave.abort('because'));
    await using caller = aCaller();
    const leave = new AbortController();
    await expect(caller.call(aRequest(server.url, { signal: leave.signal }))).rejects.toBe('because');
  });

  it('aborted after the end changes nothing, and leaves no listener behind', async () => {
    await using server = await anHttpServer((_, response) => response.end('x'));
    await using caller = aCaller();
    const leave = new AbortController();
    const reply = await caller.call(aRequest(server.url, { signal: leave.signal }));
    expect(await textOf(reply)).toBe('x');
    leave.abort(reason);
    expect(await textOf(await caller.call(aRequest(server.url)))).toBe('x');
  });
});

describe('a reader that leaves early', () => {
  it('closes the connection, and the next call opens another', async () => {
    const closed = Promise.withResolvers<string>();
    let requests = 0;
    await using server = await anHttpServer((_, response) => {
      requests += 1;
      if (requests > 1) return void response.end('x');
      response.on('close', () => closed.resolve('closed'));
      response.write('first');
      return undefined;
    });
    await using caller = aCaller();
    for await (const _ of (await caller.call(aRequest(server.url))).body) break;
    await expect(closed.promise).resolves.toBe('closed');
    expect(await textOf(await caller.call(aRequest(server.url)))).toBe('x');
  });
});

describe('the caller’s own end', () => {
  it('close lets a running answer end', async () => {
    let finish = (): void => undefined;
    await using server = await anHttpServer((_, response) => {
      response.write('a');
      finish = () => response.end('b');
    });
    const caller = aCaller();
    const reply = await caller.call(aRequest(server.url));
    const closing = caller.close();
    finish();
    expect(await textOf(reply)).toBe('ab');
    await closing;
    await expect(caller.call(aRequest(server.url))).rejects.toMatchObject({ code: 'ECANCELED' });
  });

  it('destroy does not', async () => {
    await using server = await anHttpServer((_, response) => void response.write('a'));
    const caller = aCaller();
    const reply = await caller.call(aRequest(server.url));
    const reading = textOf(reply).catch((error: unknown) => error);
    await caller.destroy();
    expect(await reading).toMatchObject({ name: 'ConnectionFailure', code: 'ECANCELED' });
  });
});

describe('TLS', () => {
  const secure = async () => {
    const server = createTls({ cert: CERTIFICATE, key: PRIVATE_KEY }, (_, response) => response.end('safe'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return {
      url: `https://localhost:${port}/v1`,
      [Symbol.asyncDispose]: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      },
    };
  };

  it('a certificate of a trusted authority is accepted', async () => {
    await using server = await secure();
    await using caller = aCaller({ certificateAuthority: CERTIFICATE });
    expect(await textOf(await caller.call(aRequest(server.url)))).toBe('safe');
  });

  it('any other is a failure with the system’s code', async () => {
    await using server = await secure();
    await using caller = aCaller();
    await expect(caller.call(aRequest(server.url))).rejects.toMatchObject({
      name: 'ConnectionFailure',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
    });
  });
});
