/** Names the key under which a gateway on this machine hashes texts, without giving it away. */
import type { Variables } from '../../lambda/config/local-environment.ts';
import { digestsUnder } from '../../lambda/audit/digest.ts';
import { digestKeyId } from '../../lambda/local/digest-key.ts';
import { ownDigestKey } from './own-digest-key.ts';

/** Null where there is none yet. */
export async function digestKeyName(auditDir: string, variables: Variables): Promise<string | null> {
  const key = await ownDigestKey(auditDir, variables);
  return key === undefined ? null : digestKeyId(digestsUnder(key));
}
