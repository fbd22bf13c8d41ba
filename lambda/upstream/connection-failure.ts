/** Gives every way in which a connection can fail one code: the system's own where there is one. */
import { ConnectionFailure } from './upstream-call.ts';

/** undici's own codes in the words of the system. */
const SYSTEM_CODES: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'ECONNRESET',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_HEADERS_OVERFLOW: 'EMSGSIZE',
  UND_ERR_DESTROYED: 'ECANCELED',
  UND_ERR_CLOSED: 'ECANCELED',
  UND_ERR_INVALID_ARG: 'EINVAL',
  ERR_INVALID_URL: 'EINVAL',
};

/** The failure to throw; the original stays as its cause. */
export function connectionFailure(error: unknown): ConnectionFailure {
  return error instanceof ConnectionFailure ? error : new ConnectionFailure(codeOf(error), { cause: error });
}

function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'EIO';
  // The parser's errors have a name and a message alone; an end where none may be is a connection that was cut.
  if (error.name === 'HTTPParserError') return error.message.includes('EOF') ? 'ECONNRESET' : 'EPROTO';
  const code = 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? (SYSTEM_CODES[code] ?? code) : 'EIO';
}
