/** Circuits shared through a DynamoDB table; the AWS client is loaded when the table is first needed. */
import type { CircuitBreaker } from '../config/gateway-config.ts';
import type { CircuitStore } from './circuit-store.ts';
import type { CircuitTable } from './circuit-table.ts';
import { createSharedCircuitStore, type SharedCircuitStoreOptions } from './shared-circuit-store.ts';

export interface DynamoDbCircuitStoreOptions extends Omit<SharedCircuitStoreOptions, 'table' | 'startTimer'> {
  /** Name of a table with the string partition key `id` and `ttl` as its time-to-live attribute. */
  readonly tableName: string;
}

/** Region, credentials and endpoint come from the environment, as always with AWS. */
export function createDynamoDbCircuitStore(options: DynamoDbCircuitStoreOptions): CircuitStore {
  const table = lazyTable(options.tableName, options.settings);
  return createSharedCircuitStore({ ...options, table, startTimer });
}

/** The timer doesn't keep a process alive that has nothing else to do. */
export function startTimer(milliseconds: number, callback: () => void): { cancel(): void } {
  const timer = setTimeout(callback, milliseconds);
  timer.unref();
  return { cancel: () => clearTimeout(timer) };
}

function lazyTable(tableName: string, settings: CircuitBreaker): CircuitTable {
  let loading: Promise<CircuitTable> | undefined;
  const load = (): Promise<CircuitTable> =>
    (loading ??= import('./dynamodb-circuit-table.ts').then(
      ({ DynamoDbCircuitTable }) => new DynamoDbCircuitTable(tableName, settings),
    ));
  return {
    read: async (...args) => (await load()).read(...args),
    countFailure: async (...args) => (await load()).countFailure(...args),
    writeCircuit: async (...args) => (await load()).writeCircuit(...args),
    writeCooldown: async (...args) => (await load()).writeCooldown(...args),
    writeHealth: async (...args) => (await load()).writeHealth(...args),
  };
}
