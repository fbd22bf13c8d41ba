/** The digest key of the gateway that wrote an audit folder, for its owner: nobody but the gateway makes one. */
import { access } from 'node:fs/promises';
import { join } from 'node:path';
import { readLocalEnvironment, type Variables } from '../../lambda/config/local-environment.ts';
import { DIGEST_KEY_FILE, readDigestKey } from '../../lambda/local/digest-key.ts';

/** As the gateway finds it: KEEPTRUSTS_DIGEST_KEY, else the folder's file; undefined where there is neither. */
export async function ownDigestKey(auditDir: string, variables: Variables): Promise<string | undefined> {
  const { digestKey } = readLocalEnvironment(variables);
  if (digestKey !== undefined) return digestKey;
  const isThere = await access(join(auditDir, DIGEST_KEY_FILE)).then(
    () => true,
    () => false,
  );
  return isThere ? readDigestKey(auditDir) : undefined;
}
