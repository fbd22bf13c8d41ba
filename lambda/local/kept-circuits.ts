/** The circuits of a gateway on this machine, kept from one configuration to the next. */
import type { GatewayConfig } from '../config/gateway-config.ts';
import type { Services } from '../services.ts';
import type { CircuitStore, CircuitStoreOptions } from '../state/circuit-store.ts';
import { createDynamoDbCircuitStore } from '../state/dynamodb-circuit-store.ts';
import { createMemoryCircuitStore } from '../state/memory-circuit-store.ts';

export interface KeptCircuitsOptions extends Pick<Services, 'elapsed' | 'log' | 'now' | 'random'> {
  /** Names this process among all that share a table. */
  readonly owner: string;
}

export interface KeptCircuits {
  /** The same store as for the configuration before, unless what it rests on has changed. */
  storeFor(config: GatewayConfig): CircuitStore;
  /** Fetches what others know; never rejects. */
  warmUp(): Promise<void>;
  /** Resolves when nothing is left to tell to a shared table. */
  settled(): Promise<void>;
}

interface Kept {
  /** What the store rests on, as text. */
  readonly basis: string;
  readonly store: CircuitStore;
}

/** Keeps nothing yet. */
export function keepCircuits(options: KeptCircuitsOptions): KeptCircuits {
  let kept: Kept | undefined;
  return {
    storeFor: (config) => {
      const basis = basisOf(config);
      if (kept?.basis !== basis) kept = { basis, store: openStore(config, options) };
      return kept.store;
    },
    warmUp: async () => kept?.store.warmUp(),
    settled: async () => kept?.store.settled(),
  };
}

/** In memory, circuits of targets that are gone do no harm; a shared table is asked for the targets by name. */
function basisOf({ circuitBreaker, state, targets }: GatewayConfig): string {
  return JSON.stringify([
    circuitBreaker,
    ...(state === undefined ? [] : [state, targets.map(({ id }) => id)]),
  ]);
}

function openStore(config: GatewayConfig, options: KeptCircuitsOptions): CircuitStore {
  const { log, now, ...clocks } = options;
  const base: CircuitStoreOptions = { targets: config.targets, settings: config.circuitBreaker, now };
  const table = config.state?.dynamodbTable;
  if (table === undefined) return createMemoryCircuitStore(base);
  log('info', 'circuits are shared through a DynamoDB table', { table });
  return createDynamoDbCircuitStore({
    ...base,
    ...clocks,
    tableName: table,
    onDegraded: (isDegraded, reason) =>
      log(isDegraded ? 'warn' : 'info', 'shared circuits', { table, degraded: isDegraded, reason }),
  });
}
