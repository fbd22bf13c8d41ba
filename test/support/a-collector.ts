/** An OTLP receiver on this machine: takes spans by HTTP, and can be told to refuse them. */
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { readJsonSpans, readProtobufSpans, type ReceivedSpan } from './otlp.ts';
import { listening } from './listening.ts';

export interface Export {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
  readonly spans: readonly ReceivedSpan[];
}

export interface Collector {
  /** For OTEL_EXPORTER_OTLP_ENDPOINT. */
  readonly url: string;
  readonly exports: readonly Export[];
  /** All spans so far. */
  spans(): readonly ReceivedSpan[];
  /** Resolves with all spans once so many have come. */
  arrived(count: number): Promise<readonly ReceivedSpan[]>;
  /** Status of what is answered from now on; `hang` answers nothing. */
  answer(status: number | 'hang'): void;
  close(): Promise<void>;
}

/** @param tls Key and certificate, to be reached by https at localhost. */
export async function startCollector(tls?: ServerOptions): Promise<Collector> {
  const exports: Export[] = [];
  const waiting = new Set<() => void>();
  let status: number | 'hang' = 200;
  const spans = (): readonly ReceivedSpan[] => exports.flatMap((received) => received.spans);
  const serve: RequestListener = (request, response) => {
    const take = async (): Promise<void> => {
      const sent = await buffer(request);
      const body = request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent;
      const isJson = request.headers['content-type'] === 'application/json';
      const received = isJson ? readJsonSpans(body.toString()) : readProtobufSpans(body);
      exports.push({ path: request.url ?? '', headers: request.headers, body, spans: received });
      for (const look of waiting) look();
      if (status !== 'hang') response.writeHead(status, { 'content-type': 'application/x-protobuf' }).end();
    };
    take().catch((error: unknown) => response.writeHead(400).end(String(error)));
  };
  const server = tls === undefined ? createServer(serve) : createTlsServer(tls, serve);
  const { port, close } = await listening(server);
  return {
    url: tls === undefined ? `http://127.0.0.1:${port}` : `https://localhost:${port}`,
    exports,
    spans,
    arrived: (count) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (spans().length < count) return;
          waiting.delete(look);
          resolve(spans());
        };
        waiting.add(look);
        look();
      }),
    answer: (next) => (status = next),
    close,
  };
}
