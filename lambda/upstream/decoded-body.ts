/** Decodes a compressed body as it arrives; loaded only when an upstream compresses though it was asked not to. */
import { pipeline } from 'node:stream/promises';
import { connectionFailure } from './connection-failure.ts';
import type { Transform } from 'node:stream';
import type { ArrivedBody } from './arrived-body.ts';

const DECODERS = {
  gzip: async (): Promise<Transform> => (await import('node:zlib')).createGunzip(),
  'x-gzip': async (): Promise<Transform> => (await import('node:zlib')).createGunzip(),
  deflate: async (): Promise<Transform> => (await import('node:zlib')).createInflate(),
  br: async (): Promise<Transform> => (await import('node:zlib')).createBrotliDecompress(),
  zstd: async (): Promise<Transform> => (await import('node:zlib')).createZstdDecompress(),
} as const;

/** A content coding that can be decoded. */
export type Encoding = keyof typeof DECODERS;

/** True for the codings of RFC 9110 and RFC 8878 in the spelling they are registered under. */
export const isEncoding = (name: string): name is Encoding => Object.hasOwn(DECODERS, name);

/** The decoded bytes. Broken or cut compression is a ConnectionFailure with the decoder's code. */
export async function* decodedBody(
  body: ArrivedBody,
  encoding: Encoding,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  try {
    const decoder = await DECODERS[encoding]();
    // A failure of the feeding destroys the decoder with it, so the loop below throws it.
    pipeline(body, decoder).catch(() => undefined);
    yield* decoder as AsyncIterable<Uint8Array>;
  } catch (error) {
    signal.throwIfAborted();
    throw connectionFailure(error);
  } finally {
    await body.return();
  }
  return undefined;
}
