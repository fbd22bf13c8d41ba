/** Looks at the file of gateway keys before the start: one that lets nobody in is most often a mistyped name. */
import { isInForce } from '../../lambda/state/cached-keys.ts';
import { FileKeyStore } from '../../lambda/state/file-key-store.ts';
import { CommandFailure, systemCode } from '../terminal.ts';

/**
 * Warnings for whoever starts the gateway. Throws CommandFailure 1 when the file holds something else than keys or
 * can't be read: all callers would get an error then.
 */
export async function checkKeysFile(path: string, now: number): Promise<readonly string[]> {
  const keys = await new FileKeyStore(path).list().catch((error: unknown) => {
    const code = systemCode(error);
    const reason = error instanceof Error ? error.message : String(error);
    throw new CommandFailure(1, code === undefined ? reason : `can not read ${path}: ${code}`, {
      cause: error,
    });
  });
  return keys.some(({ key }) => isInForce(key, now))
    ? []
    : [
        `${path} holds no key in force: every call gets 401; make one with kt keys create --file ${path} --name …`,
      ];
}
