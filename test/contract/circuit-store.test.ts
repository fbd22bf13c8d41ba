/** The contract of the circuit stores, kept by all of them: in memory, on dynalite, on DynamoDB Local. */
import { afterAll, beforeAll, describe } from 'vitest';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { createVirtualCircuitTable } from '../../bench/simulation/virtual-circuit-table.ts';
import { createMemoryCircuitStore } from '../../lambda/state/memory-circuit-store.ts';
import { DynamoDbCircuitTable } from '../../lambda/state/dynamodb-circuit-table.ts';
import type { CircuitTable } from '../../lambda/state/circuit-table.ts';
import { createSharedCircuitStore } from '../../lambda/state/shared-circuit-store.ts';
import { aTarget } from '../lambda/routing/support.ts';
import { startDynalite } from '../support/dynalite.ts';
import { hasJava, startDynamoDbLocal } from '../support/dynamodb-local.ts';
import { describeCircuitStore, type OpenTwoGateways } from './circuit-store.ts';

const TARGETS = [aTarget('a'), aTarget('b')];

type MakeTable = (settings: Parameters<OpenTwoGateways>[0]) => Promise<CircuitTable> | CircuitTable;

/** The stores' elapsed time is the test's, so that no slow machine makes the table look slow. */
const sharing =
  (makeTable: MakeTable): OpenTwoGateways =>
  async (settings, now) => {
    const table = await makeTable(settings);
    const open = (owner: string): ReturnType<typeof createSharedCircuitStore> =>
      createSharedCircuitStore({
        targets: TARGETS,
        settings,
        table,
        owner,
        now,
        elapsed: now,
        random: () => 0.5,
        startTimer: () => ({ cancel: () => undefined }),
      });
    return { here: open('here'), there: open('there') };
  };

describeCircuitStore('in memory', (settings, now) => {
  const store = createMemoryCircuitStore({ targets: TARGETS, settings, now });
  return Promise.resolve({ here: store, there: store });
});

describeCircuitStore(
  "on the simulation's table",
  sharing((settings) => createVirtualCircuitTable(settings, () => Promise.resolve())),
);

interface Server {
  readonly client: DynamoDBClient;
  createTable(name: string, partitionKey: string): Promise<void>;
  close(): Promise<void>;
}

function describeOnDynamoDb(name: string, start: () => Promise<Server>): void {
  let server: Server | undefined;
  let tables = 0;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(async () => {
    await server?.close();
  });
  describeCircuitStore(
    name,
    sharing(async (settings) => {
      if (server === undefined) throw new Error(`${name} was not started`);
      const table = `circuits-${(tables += 1)}`;
      await server.createTable(table, 'id');
      return new DynamoDbCircuitTable(table, settings, server.client);
    }),
  );
}

describe('dynalite', () => {
  describeOnDynamoDb('on dynalite', startDynalite);
});

const isJavaHere = hasJava();
if (!isJavaHere) {
  process.stdout.write(
    'skipped: the circuit contract on DynamoDB Local, because there is no java on the PATH\n',
  );
}

describe.runIf(isJavaHere)('DynamoDB Local', () => {
  describeOnDynamoDb('on DynamoDB Local', startDynamoDbLocal);
});
