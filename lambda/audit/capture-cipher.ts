/** Seals captures in a local folder: AES-256-GCM under a key that comes from the deployment's digest key. */
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

/** What belongs to one sealed line beside its text; the seal breaks when any of it is changed. */
export interface SealContext {
  readonly digestKey: string;
  /** Each writer has a key of its own, so that chance never has to part more lines than one process writes. */
  readonly writerId: string;
}

/** A line as it is stored. */
export interface SealedLine {
  readonly sealed: typeof ALGORITHM;
  readonly writer_id: string;
  readonly event_id: string;
  /** Base64, 96 bits. */
  readonly nonce: string;
  /** Base64: the text and its tag. */
  readonly data: string;
}

const ALGORITHM = 'A256GCM';
const CIPHER = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Derived once for each writer. */
export interface CaptureCipher {
  seal(eventId: string, text: string): string;
  /** @throws Error when the line was sealed under another key, or was changed. */
  open(line: SealedLine): string;
}

/** HKDF (RFC 5869) parts this use of the digest key from all others. */
export function captureCipher({ digestKey, writerId }: SealContext): CaptureCipher {
  const key = Buffer.from(hkdfSync('sha256', digestKey, writerId, 'keeptrusts captures 1', 32));
  const contextOf = (eventId: string): Buffer => Buffer.from(`${writerId}\n${eventId}`);
  return {
    seal: (eventId, text) => {
      const nonce = randomBytes(NONCE_BYTES);
      const cipher = createCipheriv(CIPHER, key, nonce).setAAD(contextOf(eventId));
      const parts = [cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()];
      const line: SealedLine = {
        sealed: ALGORITHM,
        writer_id: writerId,
        event_id: eventId,
        nonce: nonce.toString('base64'),
        data: Buffer.concat(parts).toString('base64'),
      };
      return JSON.stringify(line);
    },
    open: ({ event_id: eventId, nonce, data }) => {
      const bytes = Buffer.from(data, 'base64');
      const end = Math.max(0, bytes.length - TAG_BYTES);
      const options = { authTagLength: TAG_BYTES };
      const decipher = createDecipheriv(CIPHER, key, Buffer.from(nonce, 'base64'), options);
      decipher.setAAD(contextOf(eventId)).setAuthTag(bytes.subarray(end));
      return Buffer.concat([decipher.update(bytes.subarray(0, end)), decipher.final()]).toString('utf8');
    },
  };
}

/** True for a line that was sealed here. */
export function isSealed(
  value: Readonly<Record<string, unknown>>,
): value is Readonly<Record<string, unknown>> & SealedLine {
  const { sealed, writer_id: writer, event_id: event, nonce, data } = value;
  return sealed === ALGORITHM && [writer, event, nonce, data].every((field) => typeof field === 'string');
}
