/** Reads a request's body within its limit, decoded and parsed. */
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { findJsonHazard } from '../wire/inspect-json.ts';
import { isObject } from '../wire/json-value.ts';
import type { JsonObject } from '../wire/json-value.ts';
import type { GatewayRequest } from './gateway-request.ts';
import { problem, ProblemError } from './problem.ts';

export interface ReadBody {
  /** As sent, after its content encoding was undone. */
  readonly bytes: Uint8Array;
  readonly text: string;
  readonly data: JsonObject;
}

type Decoder = (bytes: Uint8Array, options: { maxOutputLength: number }) => Promise<Uint8Array>;

const DECODERS: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', promisify(gunzip)],
  ['x-gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
  ['br', promisify(brotliDecompress)],
]);

/** Throws ProblemError: 413, 415 or 422, and what the front's body throws (a slow or cut upload). */
export async function readBody(request: GatewayRequest, maxBytes: number): Promise<ReadBody> {
  const { headers } = request;
  const mediaType = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  if (mediaType !== undefined && mediaType !== 'application/json' && !mediaType.endsWith('+json')) {
    throw new ProblemError(
      problem('unsupported_media_type', 'the content-type must be application/json; send the body as JSON'),
    );
  }
  const encodings = encodingsOf(headers['content-encoding']);
  if (Number(headers['content-length']) > maxBytes) throw tooLarge(maxBytes);
  let bytes = await collect(request.body, maxBytes);
  for (const decoder of encodings) bytes = await decode(decoder, bytes, maxBytes);
  return parse(bytes);
}

/** The decoders to apply, in order: the encoding named last was applied last (RFC 9110, 8.4). */
function encodingsOf(header: string | undefined): readonly Decoder[] {
  if (header === undefined) return [];
  const names = header
    .toLowerCase()
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '' && name !== 'identity');
  if (names.length > 2) throw unsupportedEncoding();
  return names.toReversed().map((name) => {
    const decoder = DECODERS.get(name);
    if (decoder === undefined) throw unsupportedEncoding();
    return decoder;
  });
}

function unsupportedEncoding(): ProblemError {
  return new ProblemError(
    problem(
      'unsupported_media_type',
      `the content-encoding must be one of ${[...DECODERS.keys()].join(', ')}`,
    ),
  );
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError(
    problem('request_too_large', `the body is larger than ${maxBytes} bytes (size_limits.max_body_bytes)`),
  );
}

async function collect(body: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge(maxBytes);
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] ?? new Uint8Array()) : Buffer.concat(chunks, size);
}

async function decode(decoder: Decoder, bytes: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  try {
    return await decoder(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    if (cause instanceof RangeError) throw tooLarge(maxBytes);
    throw new ProblemError(problem('invalid_json', 'the body is not what its content-encoding says'), {
      cause,
    });
  }
}

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function parse(bytes: Uint8Array): ReadBody {
  if (bytes.length === 0) throw invalidJson('the body is empty; send a JSON object');
  let text: string;
  let data: unknown;
  try {
    text = utf8.decode(bytes);
  } catch {
    throw invalidJson('the body is not valid UTF-8');
  }
  try {
    data = JSON.parse(text);
  } catch {
    throw invalidJson('the body is not valid JSON');
  }
  if (!isObject(data)) {
    throw new ProblemError(problem('invalid_request', 'the body must be a JSON object', { param: 'body' }));
  }
  const hazard = findJsonHazard(text);
  if (hazard?.kind === 'too_deep') {
    throw new ProblemError(
      problem('invalid_request', `the body is nested deeper than ${hazard.limit} levels`),
    );
  }
  if (hazard?.kind === 'duplicate_key') {
    throw new ProblemError(
      problem('invalid_request', 'the body has the same key twice in one object', {
        param: hazard.key.slice(0, 100),
      }),
    );
  }
  return { bytes, text, data };
}

function invalidJson(message: string): ProblemError {
  return new ProblemError(problem('invalid_json', message));
}
