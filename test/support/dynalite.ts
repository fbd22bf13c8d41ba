/** A DynamoDB in this process, and tables in it. */
import { createRequire } from 'node:module';
import type { Server } from 'node:http';
import { CreateTableCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface LocalDynamoDb {
  readonly url: string;
  readonly client: DynamoDBClient;
  /** Makes a table with one string partition key. */
  createTable(name: string, partitionKey: string): Promise<void>;
  close(): Promise<void>;
}

type Dynalite = (options: { createTableMs: number; deleteTableMs: number }) => Server;

function isDynalite(value: unknown): value is Dynalite {
  return typeof value === 'function';
}

/** Starts dynalite, a DynamoDB in JavaScript, on a free port of the loopback address. */
export async function startDynalite(): Promise<LocalDynamoDb> {
  const dynalite: unknown = createRequire(import.meta.url)('dynalite');
  if (!isDynalite(dynalite)) throw new Error('the package dynalite does not export a function');
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('dynalite listens on no port');
  const url = `http://127.0.0.1:${address.port}`;
  const client = new DynamoDBClient({
    endpoint: url,
    region: 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  return {
    url,
    client,
    createTable: (name, partitionKey) => createTable(client, name, partitionKey),
    close: async () => {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function createTable(client: DynamoDBClient, name: string, partitionKey: string): Promise<void> {
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: partitionKey, AttributeType: 'S' }],
      KeySchema: [{ AttributeName: partitionKey, KeyType: 'HASH' }],
    }),
  );
  let status: string | undefined;
  while (status !== 'ACTIVE') {
    const { Table: table } = await client.send(new DescribeTableCommand({ TableName: name }));
    status = table?.TableStatus;
  }
}
