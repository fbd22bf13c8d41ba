/** AWS KMS on loopback, with one key of the kind that signs checkpoints. */
import { createECDH, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { listening } from './listening.ts';

export interface KmsStub {
  readonly url: string;
  /** What was asked of it, e.g. `Sign alias/audit`. */
  readonly calls: readonly string[];
  close(): Promise<void>;
}

const ASKED = z.object({
  KeyId: z.string(),
  Message: z.base64().optional(),
  MessageType: z.string().optional(),
});

/** @param algorithms What the key is said to be good for. */
export async function startKmsStub(algorithms: readonly string[] = ['ECDSA_SHA_256']): Promise<KmsStub> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const calls: string[] = [];
  const answer = (action: string, { KeyId, Message = '', MessageType }: z.infer<typeof ASKED>): object => {
    calls.push(`${action} ${KeyId}`);
    const der = publicKey.export({ type: 'spki', format: 'der' });
    if (action === 'GetPublicKey')
      return { KeyId, PublicKey: der.toString('base64'), SigningAlgorithms: algorithms };
    const digest = Buffer.from(Message, 'base64');
    if (MessageType !== 'DIGEST' || digest.length !== 32) throw new Error('not a digest');
    return { KeyId, Signature: signDigest(digest, privateKey).toString('base64') };
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const action = String(request.headers['x-amz-target']).replace('TrentService.', '');
    const reply = answer(action, ASKED.parse(JSON.parse(await bodyOf(request))));
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(reply));
  };
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  const { port, close } = await listening(server);
  return { url: `http://127.0.0.1:${port}`, calls, close };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}

/** The order of P-256. Source: NIST SP 800-186, 3.2.1.3. */
const ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

/** ECDSA over a digest, which Node offers over messages only. Source: FIPS 186-5, 6.4.1. */
function signDigest(digest: Buffer, privateKey: KeyObject): Buffer {
  const secret = Buffer.from(privateKey.export({ format: 'jwk' }).d ?? '', 'base64url');
  const nonce = createECDH('prime256v1');
  const point = nonce.generateKeys();
  const r = number(point.subarray(1, 33)) % ORDER;
  const inverse = power(number(nonce.getPrivateKey()), ORDER - 2n);
  const s = (inverse * (number(digest) + r * number(secret))) % ORDER;
  const parts = Buffer.concat([derInteger(r), derInteger(s)]);
  return Buffer.concat([Buffer.from([0x30, parts.length]), parts]);
}

function number(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`);
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (
    let left = exponent, square = base % ORDER;
    left > 0n;
    left >>= 1n, square = (square * square) % ORDER
  ) {
    if ((left & 1n) === 1n) result = (result * square) % ORDER;
  }
  return result;
}

function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : `0${hex}`, 'hex');
  const isHigh = (bytes[0] ?? 0) > 0x7f;
  const body = isHigh ? Buffer.concat([Buffer.from([0]), bytes]) : bytes;
  return Buffer.concat([Buffer.from([0x02, body.length]), body]);
}
