/** What retention leaves behind: where the chains of a removed day ended, so that what follows can be verified. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson, isRecord } from '../config/canonical-json.ts';
import { chainEnds } from './chain-ends.ts';
import { timestampOf } from './event-id.ts';
import type { ChainHead } from './hash-chain.ts';
import { evidencePaths } from './read-events.ts';
import { checkSignedRecord, signRecord, type Signer } from './signature.ts';

/** In the folder's top, one line for each removed day. */
export const RETENTION_MARKS = 'retention.jsonl';

/** A removed day as its mark tells it. */
export interface RetentionMark {
  readonly heads: readonly ChainHead[];
  /** From 1, in the file of marks. */
  readonly line: number;
  /** The public key under which it is as it was signed; undefined for none. */
  readonly signedBy: string | undefined;
}

/**
 * Writes where each chain of the day folder ended; done before the folder is removed.
 * @param signer Absent where nobody signs: then nothing proves that the gateway itself removed the day.
 */
export async function markRemoval(dir: string, folder: string, now: number, signer?: Signer): Promise<void> {
  const paths = (await evidencePaths(dir)).filter((path) => path.startsWith(`${folder}/`));
  const chains = Object.fromEntries(
    (await chainEnds(dir, paths)).map(({ writer_id, seq, hash }) => [writer_id, { seq, hash }]),
  );
  const mark = { removed: folder, removed_at: timestampOf(now), chains };
  const line = signer === undefined ? canonicalJson(mark) : await signRecord(mark, signer);
  const file = await open(join(dir, RETENTION_MARKS), 'a', 0o640);
  try {
    await file.appendFile(`${line}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Every place where a chain may begin because retention removed what was before. Broken lines mark nothing. */
export function readMarks(text: string): readonly RetentionMark[] {
  return text.split('\n').flatMap((line, index) => {
    const mark = parse(line);
    if (!isRecord(mark) || !isRecord(mark['chains'])) return [];
    const signedBy = checkSignedRecord(line)?.publicKey;
    return [{ heads: headsOf(mark['chains']), line: index + 1, signedBy }];
  });
}

function headsOf(chains: Readonly<Record<string, unknown>>): readonly ChainHead[] {
  return Object.entries(chains).flatMap(([writerId, end]) =>
    isRecord(end) && typeof end['seq'] === 'number' && typeof end['hash'] === 'string'
      ? [{ writerId, seq: end['seq'], hash: end['hash'] }]
      : [],
  );
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
