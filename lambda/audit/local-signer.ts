/** The Ed25519 key that signs checkpoints on this machine; it lies beside the evidence, readable by its owner alone. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createOnce } from './create-once.ts';
import type { Signer } from './signature.ts';
import { isCode } from './system-error.ts';

/** Within the audit folder; PKCS #8 in PEM. */
export const CHECKPOINT_KEY_FILE = '.checkpoint-key';

/** The file holds something that is no key. */
export class CheckpointKeyUnusable extends Error {
  override readonly name = 'CheckpointKeyUnusable';
}

/** Reads the folder's key, or makes it. The folder must be there. */
export async function openLocalSigner(dir: string): Promise<Signer> {
  return (await readLocalSigner(dir)) ?? (await makeKey(dir));
}

/** Undefined when the folder has no key. */
export async function readLocalSigner(dir: string): Promise<Signer | undefined> {
  try {
    const pem = await readFile(join(dir, CHECKPOINT_KEY_FILE), 'utf8');
    return signerOf(readKey(pem, dir));
  } catch (error) {
    if (isCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function makeKey(dir: string): Promise<Signer> {
  const { privateKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const isOurs = await createOnce(join(dir, CHECKPOINT_KEY_FILE), pem, 0o600);
  const signer = isOurs ? signerOf(privateKey) : await readLocalSigner(dir);
  return signer ?? openLocalSigner(dir);
}

function readKey(pem: string, dir: string): KeyObject {
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below, without what the file holds.
  }
  const path = join(dir, CHECKPOINT_KEY_FILE);
  throw new CheckpointKeyUnusable(
    `${path} holds no Ed25519 key in PEM; put the right one back, or remove the file to go on with a new key`,
  );
}

function signerOf(privateKey: KeyObject): Signer {
  const publicKey = createPublicKey(privateKey).export({ type: 'spki', format: 'der' }).toString('hex');
  return { publicKey, sign: async (bytes) => sign(null, bytes, privateKey) };
}
