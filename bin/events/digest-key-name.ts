/** Names the key under which a gateway on this machine hashes texts, without giving it away. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { readLocalEnvironment, type Variables } from '../../lambda/config/local-environment.ts';
import { DIGEST_KEY_FILE, digestKeyId, digestsUnder, readDigestKey } from '../../lambda/local/digest-key.ts';

/** Null where there is none yet: nobody but the gateway makes one. */
export async function digestKeyName(auditDir: string, variables: Variables): Promise<string | null> {
  const { digestKey } = readLocalEnvironment(variables);
  if (digestKey !== undefined) return digestKeyId(digestsUnder(digestKey));
  const isThere = await access(join(auditDir, DIGEST_KEY_FILE)).then(
    () => true,
    () => false,
  );
  return isThere ? digestKeyId(digestsUnder(await readDigestKey(auditDir))) : null;
}
