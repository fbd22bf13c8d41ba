/** The addresses of `--listen`. */
import { isIPv6 } from 'node:net';

export interface ListenAddress {
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
}

/** The port that the AIML API page names. */
export const DEFAULT_ADDRESS: ListenAddress = { host: '127.0.0.1', port: 41002 };

/** What `--listen` takes, for messages about what it does not take. */
export const LISTEN_FORMS =
  'Allowed are host:port, [v6-address]:port, :port and port, with a port from 0 to 65535.';

/** Reads `host:port`, `[v6]:port`, `:port` and `port`, the last two on this machine only; undefined for all else. */
export function parseListenAddress(text: string): ListenAddress | undefined {
  const match = /^(?:(?:\[(?<v6>[^\]]*)\]|(?<name>[^:[\]]*)):)?(?<port>\d{1,5})$/.exec(text.trim());
  const { v6, name, port: digits } = match?.groups ?? {};
  const port = Number(digits ?? Number.NaN);
  if (!(port <= 65_535)) return undefined;
  if (v6 !== undefined) return isIPv6(v6) ? { host: v6, port } : undefined;
  if (name === undefined || name === '') return { host: DEFAULT_ADDRESS.host, port };
  return /^[A-Za-z0-9.-]+$/.test(name) ? { host: name, port } : undefined;
}

/** The URL to give to an SDK: an address that means all interfaces can't be called, so this machine stands for it. */
export function sdkUrl(serverUrl: string): string {
  const callable = serverUrl.replace('//0.0.0.0:', '//127.0.0.1:').replace('//[::]:', '//[::1]:');
  return `${callable}/v1`;
}
