/** Sends a gateway's reply through node:http. */
import type { ServerResponse } from 'node:http';
import type { GatewayReply } from './gateway-request.ts';

/** Characters gathered before they are written out although more is at hand. */
const GATHER_LIMIT = 64 * 1024;

/** Resolves when everything was handed to the socket, or when the caller has gone away. */
export async function sendReply(response: ServerResponse, reply: GatewayReply): Promise<void> {
  const { status, headers, body } = reply;
  if (typeof body === 'string' || body instanceof Uint8Array) {
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
    // 204 and 304 have no body and must not announce one (RFC 9110, section 8.6).
    const isBodiless = status === 204 || status === 304;
    response.writeHead(status, isBodiless ? headers : { ...headers, 'content-length': String(length) });
    response.end(isBodiless ? undefined : body);
    return;
  }
  response.writeHead(status, headers);
  await sendStream(response, body);
}

/**
 * Strings that are ready in the same turn go out as one write; a turn later at most, everything is with
 * the socket. When the socket is full the source is not asked for more, so a slow reader costs no memory.
 */
async function sendStream(response: ServerResponse, body: AsyncIterable<string | Uint8Array>): Promise<void> {
  let gathered = '';
  let isScheduled = true;
  let isUnderWay = false;
  const flush = (): void => {
    isScheduled = false;
    if (gathered === '') return;
    isUnderWay = true;
    const text = gathered;
    gathered = '';
    response.write(text);
  };
  process.nextTick(() => {
    // The status goes out at once even when the first chunk lets itself be waited for.
    if (gathered === '' && !isUnderWay) response.flushHeaders();
    flush();
  });
  for await (const chunk of body) {
    if (response.destroyed) break;
    if (typeof chunk === 'string') {
      gathered += chunk;
      if (!isScheduled) {
        isScheduled = true;
        process.nextTick(flush);
      }
      if (gathered.length >= GATHER_LIMIT) flush();
    } else {
      flush();
      isUnderWay = true;
      response.write(chunk);
    }
    if (response.writableNeedDrain) {
      flush();
      await drained(response);
    }
  }
  isUnderWay = true;
  const rest = gathered;
  gathered = '';
  response.end(rest);
}

/** Resolves when the socket takes more, or never will. */
function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const settle = (): void => {
      response.off('drain', settle).off('close', settle);
      resolve();
    };
    if (response.destroyed) resolve();
    else response.on('drain', settle).on('close', settle);
  });
}
