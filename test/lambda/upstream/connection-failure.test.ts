/** Every failure of a connection has one code, whoever named it first. */
import { describe, expect, it } from 'vitest';
import { connectionFailure } from '../../../lambda/upstream/connection-failure.ts';
import { ConnectionFailure } from '../../../lambda/upstream/upstream-call.ts';

const withCode = (code: string): Error => Object.assign(new Error('secret detail'), { code });
const parserError = (message: string): Error =>
  Object.assign(new Error(message), { name: 'HTTPParserError' });

describe('connectionFailure', () => {
  it.each([
    ['the system’s own', withCode('ECONNREFUSED'), 'ECONNREFUSED'],
    ['DNS', withCode('ENOTFOUND'), 'ENOTFOUND'],
    ['TLS', withCode('CERT_HAS_EXPIRED'), 'CERT_HAS_EXPIRED'],
    ['a closed socket', withCode('UND_ERR_SOCKET'), 'ECONNRESET'],
    ['a body shorter than its length', withCode('UND_ERR_RES_CONTENT_LENGTH_MISMATCH'), 'ECONNRESET'],
    ['no connection in time', withCode('UND_ERR_CONNECT_TIMEOUT'), 'ETIMEDOUT'],
    ['headers without an end', withCode('UND_ERR_HEADERS_OVERFLOW'), 'EMSGSIZE'],
    ['a caller that was destroyed', withCode('UND_ERR_DESTROYED'), 'ECANCELED'],
    ['a header that can’t be sent', withCode('UND_ERR_INVALID_ARG'), 'EINVAL'],
    ['an end within a chunk', parserError('Response does not match (Invalid EOF state)'), 'ECONNRESET'],
    ['no HTTP', parserError('Response does not match (Expected HTTP/)'), 'EPROTO'],
    ['an error without a code', new Error('x'), 'EIO'],
    ['no error at all', 'x', 'EIO'],
  ])('%s', (_, cause, code) => {
    const failure = connectionFailure(cause);
    expect(failure).toMatchObject({ name: 'ConnectionFailure', code, cause });
    expect(failure.message).not.toContain('secret detail');
  });

  it('leaves a failure that is one as it is', () => {
    const failure = new ConnectionFailure('EPIPE');
    expect(connectionFailure(failure)).toBe(failure);
  });
});
