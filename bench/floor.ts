/** The floor: node:http that passes a request through to the upstream and does nothing else. Nothing in Node is faster. */
import { Agent, createServer, request as httpRequest } from 'node:http';
import { pipeline } from 'node:stream/promises';

const upstream = new URL(process.env['UPSTREAM'] ?? '');
const agent = new Agent({ keepAlive: true, noDelay: true });

const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
  const { host: _host, connection: _connection, ...headers } = request.headers;
  const outgoing = httpRequest({
    agent,
    host: upstream.hostname,
    port: upstream.port,
    method: request.method,
    path: request.url,
    headers,
  });
  outgoing.on('response', (reply) => {
    response.writeHead(reply.statusCode ?? 502, reply.headers);
    pipeline(reply, response).catch(() => response.destroy());
  });
  outgoing.on('error', () => response.writeHead(502).end());
  response.on('close', () => {
    if (!response.writableFinished) outgoing.destroy();
  });
  request.pipe(outgoing);
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  process.send?.({ url: `http://127.0.0.1:${port}/v1` });
});
process.once('disconnect', () => process.exit());
