/** Starts a server on a free port of this machine, and ends it with all its connections. */
import { once } from 'node:events';
import type { Server } from 'node:http';

export interface Listening {
  readonly port: number;
  readonly close: () => Promise<void>;
}

export async function listening(server: Server): Promise<Listening> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    port: address.port,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
