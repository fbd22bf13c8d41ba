/** Opens the gateway keys of a stack, of a table or of a file. */
import type { KeyStore } from '../../lambda/state/key-store.ts';
import { CommandFailure } from '../terminal.ts';

/** Where the keys are; exactly one is said. */
export interface KeyPlace {
  readonly stack?: string;
  readonly table?: string;
  readonly file?: string;
}

/** The AWS clients are loaded only for keys that are on AWS. */
export async function openKeyStore({ stack, table, file }: KeyPlace): Promise<KeyStore> {
  if ([stack, table, file].filter((place) => place !== undefined).length !== 1) {
    throw new CommandFailure(1, 'say where the keys are, once: --stack NAME, --table NAME or --file PATH');
  }
  if (file !== undefined) {
    const { FileKeyStore } = await import('../../lambda/state/file-key-store.ts');
    return new FileKeyStore(file);
  }
  const { DynamoDbKeyStore } = await import('../../lambda/state/dynamodb-key-store.ts');
  if (stack === undefined) return new DynamoDbKeyStore(table ?? '');
  const { stackOutput } = await import('./stack-outputs.ts');
  return new DynamoDbKeyStore(await stackOutput(stack, 'KeysTable'));
}
