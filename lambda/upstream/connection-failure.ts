/** Gives every way in which a connection can fail one code: the system's own where there is one. */
import { ConnectionFailure } from './upstream-call.ts';

/** undici's own codes, and those of its parser, in the words of the system. */
const SYSTEM_CODES: Readonly<Record<string, string>> = {
  UND_ERR_SOCKET: 'ECONNRESET',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'ECONNRESET',
  HPE_INVALID_EOF_STATE: 'ECONNRESET',
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
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (typeof code !== 'string') return 'EIO';
  return SYSTEM_CODES[code] ?? (code.startsWith('HPE_') ? 'EPROTO' : code);
}
