/** An embedded server on this machine that speaks AIML API's wire format, with scripted answers and faults. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { serve } from './serve.ts';
import type { Fault } from './fault.ts';
import type { AimlapiUpstreamOptions, RecordedRequest } from './upstream-options.ts';

export type { Answer, Ask, RawAnswer, Reply, ToolCall } from './answer.ts';
export type { Fault } from './fault.ts';
export type { AimlapiUpstreamOptions, RecordedRequest } from './upstream-options.ts';

export interface AimlapiUpstream {
  /** The base URL of the API: `http://127.0.0.1:<port>/v1`. */
  readonly url: string;
  readonly port: number;
  /** The base URL under which every request has this fault. */
  faultUrl(fault: Fault): string;
  /** In the order of arrival. */
  readonly requests: readonly RecordedRequest[];
  /** Closes all connections, running ones too. */
  close(): Promise<void>;
}

/** Starts the server; rejects when the port is taken. */
export async function startAimlapiUpstream(options: AimlapiUpstreamOptions = {}): Promise<AimlapiUpstream> {
  const requests: RecordedRequest[] = [];
  const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (request, response) => {
    serve(request, response, options, requests).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const port = portOf(server);
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}/v1`,
    port,
    faultUrl: (fault) => `${origin}/fault/${fault}/v1`,
    requests,
    close: async () => {
      server.close();
      server.closeAllConnections();
      if (server.listening) await once(server, 'close');
    },
  };
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the embedded upstream has no port');
  return address.port;
}
