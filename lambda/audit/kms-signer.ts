/** A key in AWS KMS that signs checkpoints and never leaves it; the client is loaded when it is first needed. */
import { hash } from 'node:crypto';
import type { Signer } from './signature.ts';

/** Which key, and how the SDK gets there. */
export interface KmsSignerOptions {
  /** ARN, id or `alias/…` of an asymmetric key: ECC_NIST_P256, SIGN_VERIFY. */
  readonly keyId: string;
  /** Default: what the SDK finds in its environment. */
  readonly client?: {
    readonly endpoint?: string;
    readonly region?: string;
    readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  };
}

/** The key can't do what is asked of it. */
export class KmsKeyUnusable extends Error {
  override readonly name = 'KmsKeyUnusable';
}

const ALGORITHM = 'ECDSA_SHA_256';

/**
 * Needs kms:GetPublicKey and kms:Sign. The digest alone goes there: checkpoints may be longer than KMS takes.
 * @see https://docs.aws.amazon.com/kms/latest/APIReference/API_Sign.html
 */
export async function openKmsSigner({ keyId, client = {} }: KmsSignerOptions): Promise<Signer> {
  const sdk = await import('@aws-sdk/client-kms');
  const kms = new sdk.KMSClient(client);
  const { PublicKey: publicKey, SigningAlgorithms: algorithms = [] } = await kms.send(
    new sdk.GetPublicKeyCommand({ KeyId: keyId }),
  );
  if (publicKey === undefined || !algorithms.includes(ALGORITHM)) {
    throw new KmsKeyUnusable(
      `KMS key ${keyId} can't sign with ${ALGORITHM}; allowed is an asymmetric key ECC_NIST_P256 for SIGN_VERIFY`,
    );
  }
  return {
    publicKey: Buffer.from(publicKey).toString('hex'),
    sign: async (bytes) => {
      const { Signature: signature } = await kms.send(
        new sdk.SignCommand({
          KeyId: keyId,
          Message: hash('sha256', bytes, 'buffer'),
          MessageType: 'DIGEST',
          SigningAlgorithm: ALGORITHM,
        }),
      );
      if (signature === undefined) throw new KmsKeyUnusable(`KMS key ${keyId} gave no signature`);
      return signature;
    },
  };
}
