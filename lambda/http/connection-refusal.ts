/** Answers a connection whose bytes never became a request: there is nothing the gateway could be asked. */
import { randomUUID } from 'node:crypto';

/** What to tell a caller of whom node:http reports this error code; undefined when nobody is left to be told. */
export function refusalFor(code: string | undefined): string | undefined {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    return refusal(
      408,
      'Request Timeout',
      'request_timeout',
      'the request did not arrive in time; send it again',
    );
  }
  if (code === 'HPE_HEADER_OVERFLOW') {
    const message = `the request's headers are larger than ${MAX_HEADER_BYTES} bytes; send fewer or shorter ones`;
    return refusal(431, 'Request Header Fields Too Large', 'headers_too_large', message);
  }
  if (code?.startsWith('HPE_')) {
    return refusal(
      400,
      'Bad Request',
      'malformed_http',
      'the request breaks the rules of HTTP/1.1; check the client',
    );
  }
  return undefined;
}

/** All headers of a request together; also bounds how many there can be. */
export const MAX_HEADER_BYTES = 32 * 1024;

/** The body of an error in the shape that OpenAI clients parse. */
export function errorBody(type: string, code: string, message: string, requestId: string): string {
  return JSON.stringify({ error: { message, type, code, param: null, request_id: requestId } });
}

function refusal(status: number, phrase: string, code: string, message: string): string {
  const requestId = randomUUID();
  const body = errorBody('invalid_request_error', code, message, requestId);
  return [
    `HTTP/1.1 ${String(status)} ${phrase}`,
    'connection: close',
    'content-type: application/json',
    `content-length: ${String(Buffer.byteLength(body))}`,
    `x-request-id: ${requestId}`,
    '',
    body,
  ].join('\r\n');
}
