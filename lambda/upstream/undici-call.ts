/** Calls upstreams over kept-alive connections, on the lowest layer of undici. */
import UndiciPool from 'undici/lib/dispatcher/pool.js';
import { connectionFailure } from './connection-failure.ts';
import { exchange } from './undici-exchange.ts';
import type { Pool } from 'undici';
import type { CallUpstream } from './upstream-call.ts';

export interface UndiciCallOptions {
  /** Milliseconds for DNS, TCP and TLS together, further limited by the request's signal. Default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Milliseconds that an idle connection is kept when upstream names no time of its own. Default 30,000. */
  readonly keepAliveMs?: number;
  /** Certificates (PEM) to trust instead of the system's; for upstreams with a private authority. */
  readonly certificateAuthority?: string;
}

export interface UndiciCall {
  readonly call: CallUpstream;
  /** Lets running exchanges end, then closes all connections. */
  readonly close: () => Promise<void>;
  /** Closes all connections now; running exchanges fail with ECANCELED. */
  readonly destroy: () => Promise<void>;
}

/** Distinct addresses that are kept split into origin and path; they come from the configuration and are few. */
const KNOWN_ADDRESSES = 256;

interface Address {
  readonly pool: Pool;
  readonly path: string;
}

/** Opens no connection until the first call. */
export function createUndiciCall(options: UndiciCallOptions = {}): UndiciCall {
  const pools = new Map<string, Pool>();
  const addresses = new Map<string, Address>();

  const poolOf = (origin: string): Pool => {
    const known = pools.get(origin);
    if (known !== undefined) return known;
    const pool = new UndiciPool(origin, poolOptions(options));
    pools.set(origin, pool);
    return pool;
  };

  const addressOf = (url: string): Address => {
    const known = addresses.get(url);
    if (known !== undefined) return known;
    const { origin, pathname, search } = new URL(url);
    const address = { pool: poolOf(origin), path: pathname + search };
    if (addresses.size < KNOWN_ADDRESSES) addresses.set(url, address);
    return address;
  };

  return {
    call: async (request) => {
      request.signal.throwIfAborted();
      const { pool, path } = addressFor(request.url, addressOf);
      return exchange(pool, path, request);
    },
    close: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.close()));
    },
    destroy: async () => {
      await Promise.all([...pools.values()].map((pool) => pool.destroy()));
    },
  };
}

/** An address that can't be called is a failure to connect like any other. */
function addressFor(url: string, addressOf: (url: string) => Address): Address {
  try {
    return addressOf(url);
  } catch (error) {
    throw connectionFailure(error);
  }
}

/**
 * HTTP/1.1 alone: an aborted exchange closes its connection and touches no other, and 64 streams at once are
 * read faster from 64 sockets than from one. No timeouts but the connection's: deadlines come by signal.
 */
function poolOptions(options: UndiciCallOptions): Pool.Options {
  const { certificateAuthority: ca } = options;
  return {
    allowH2: false,
    pipelining: 1,
    headersTimeout: 0,
    bodyTimeout: 0,
    keepAliveTimeout: options.keepAliveMs ?? 30_000,
    connect: { timeout: options.connectTimeoutMs ?? 10_000, ...(ca === undefined ? {} : { ca }) },
  };
}
