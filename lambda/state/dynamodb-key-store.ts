/** Gateway keys in a DynamoDB table with the partition key `hash`. */
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  ScanCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import type { GatewayKey, KeyStore } from './key-store.ts';
import { isSameHash } from './key-text.ts';

type Item = Record<string, AttributeValue>;

/** How long a dead key stays listed before DynamoDB removes it. */
const GRACE_SECONDS = 30 * 86_400;

/** Keeps only hashes; the client finds region, credentials and endpoint in its environment. */
export class DynamoDbKeyStore implements KeyStore {
  readonly #table: string;
  readonly #client: DynamoDBClient;

  constructor(table: string, client: DynamoDBClient = newDynamoDbClient()) {
    this.#table = table;
    this.#client = client;
  }

  async find(hash: string): Promise<GatewayKey | undefined> {
    // Strongly consistent: a key that was revoked before the question must not be found.
    const { Item: item } = await this.#client.send(
      new GetItemCommand({ TableName: this.#table, Key: { hash: { S: hash } }, ConsistentRead: true }),
    );
    return item && isSameHash(item['hash']?.S ?? '', hash) ? fromItem(item) : undefined;
  }

  async put(hash: string, key: GatewayKey): Promise<void> {
    await this.#client.send(new PutItemCommand({ TableName: this.#table, Item: toItem(hash, key) }));
  }

  async list(): Promise<readonly { readonly hash: string; readonly key: GatewayKey }[]> {
    const found: { hash: string; key: GatewayKey }[] = [];
    let start: Item | undefined;
    do {
      const page = await this.#client.send(
        new ScanCommand({ TableName: this.#table, ...(start && { ExclusiveStartKey: start }) }),
      );
      for (const item of page.Items ?? []) found.push({ hash: item['hash']?.S ?? '', key: fromItem(item) });
      start = page.LastEvaluatedKey;
    } while (start);
    return found;
  }

  async revoke(hash: string, at: number): Promise<boolean> {
    try {
      await this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: { hash: { S: hash } },
          ConditionExpression: 'attribute_exists(#hash)',
          UpdateExpression: 'SET revoked_at = if_not_exists(revoked_at, :at), #ttl = :ttl',
          ExpressionAttributeNames: { '#hash': 'hash', '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':at': number(at), ':ttl': number(timeToLive(at)) },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  }
}

/** Gives up early: a caller waits for it, and a gateway without keys must say so soon. */
export function newDynamoDbClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 3,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_000, throwOnRequestTimeout: true },
  });
}

const number = (value: number): AttributeValue => ({ N: String(value) });

/** DynamoDB's TTL counts in seconds; it deletes late, so expiry is always compared in code. */
const timeToLive = (at: number): number => Math.ceil(at / 1_000) + GRACE_SECONDS;

function toItem(hash: string, key: GatewayKey): Item {
  const end = key.revokedAt ?? key.expiresAt;
  return {
    hash: { S: hash },
    name: { S: key.name },
    role: { S: key.role },
    created_at: number(key.createdAt),
    ...(key.consumerGroup !== undefined && { consumer_group: { S: key.consumerGroup } }),
    ...(key.expiresAt !== undefined && { expires_at: number(key.expiresAt) }),
    ...(key.revokedAt !== undefined && { revoked_at: number(key.revokedAt) }),
    ...(end !== undefined && { ttl: number(timeToLive(end)) }),
  };
}

function fromItem(item: Item): GatewayKey {
  const consumerGroup = item['consumer_group']?.S;
  const expiresAt = item['expires_at']?.N;
  const revokedAt = item['revoked_at']?.N;
  return {
    name: item['name']?.S ?? '',
    role: item['role']?.S === 'admin' ? 'admin' : 'caller',
    createdAt: Number(item['created_at']?.N ?? 0),
    ...(consumerGroup !== undefined && { consumerGroup }),
    ...(expiresAt !== undefined && { expiresAt: Number(expiresAt) }),
    ...(revokedAt !== undefined && { revokedAt: Number(revokedAt) }),
  };
}
