/** The circuits' table in DynamoDB: each method is one request, but for counting, which is a write beside a read. */
import {
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DynamoDBClient,
  UpdateItemCommand,
  type AttributeValue,
  type UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import type { CircuitBreaker } from '../config/gateway-config.ts';
import { UNKNOWN_CIRCUIT, type CircuitView } from '../routing/availability.ts';
import { CLOCK_SKEW_MS, type Circuit } from '../routing/circuit.ts';
import { LONGEST_REST_MS, type Cooldown } from '../routing/cooldown.ts';
import type { Health } from '../routing/health.ts';
import { bucketLengthMs, bucketsOf } from '../routing/trip-rule.ts';
import {
  bucketKey,
  circuitAttributes,
  circuitKey,
  number,
  numberOf,
  PARTITION_KEY,
  timeToLive,
  viewFromItem,
  type Item,
} from './circuit-item.ts';
import type { CircuitTable, TableSnapshot, WriteResult } from './circuit-table.ts';

/** Nobody waits for a request; after so long its answer would be of no use any more. */
const TIME_LIMIT_MS = 1_000;

/** DynamoDB's limit for one BatchGetItem. */
const MOST_KEYS = 100;

type Update = Pick<UpdateItemCommandInput, 'UpdateExpression' | 'ConditionExpression'> & {
  readonly names: Record<string, string>;
  readonly values: Record<string, AttributeValue>;
};

export class DynamoDbCircuitTable implements CircuitTable {
  readonly #table: string;
  readonly #settings: CircuitBreaker;
  readonly #client: DynamoDBClient;

  constructor(table: string, settings: CircuitBreaker, client: DynamoDBClient = newClient()) {
    this.#table = table;
    this.#settings = settings;
    this.#client = client;
  }

  async read(targetIds: readonly string[]): Promise<TableSnapshot> {
    const idOf = new Map(targetIds.map((id) => [circuitKey(id)[PARTITION_KEY]?.S, id]));
    const views = new Map<string, CircuitView>();
    const { items, unprocessed } = await this.#batchGet(targetIds.map(circuitKey));
    for (const item of items) {
      const id = idOf.get(item[PARTITION_KEY]?.S);
      if (id !== undefined) views.set(id, viewFromItem(item));
    }
    const unread = unprocessed.flatMap((key) => idOf.get(key[PARTITION_KEY]?.S) ?? []);
    return { views, unread: new Set(unread) };
  }

  async countFailure(targetId: string, epoch: number, now: number): Promise<number> {
    const [newest = 0, ...earlier] = bucketsOf(now, this.#settings);
    const length = bucketLengthMs(this.#settings);
    const keptSeconds = Math.ceil((length * (earlier.length + 2)) / 1_000);
    const [counted, { items }] = await Promise.all([
      this.#client.send(
        new UpdateItemCommand({
          TableName: this.#table,
          Key: bucketKey(targetId, epoch, newest),
          UpdateExpression: 'ADD #failures :one SET #ttl = :ttl',
          ExpressionAttributeNames: { '#failures': 'failures', '#ttl': 'ttl' },
          ExpressionAttributeValues: { ':one': number(1), ':ttl': timeToLive(now, keptSeconds) },
          ReturnValues: 'UPDATED_NEW',
        }),
        { abortSignal: AbortSignal.timeout(TIME_LIMIT_MS) },
      ),
      this.#batchGet(earlier.map((bucket) => bucketKey(targetId, epoch, bucket))),
    ]);
    return [counted.Attributes ?? {}, ...items].reduce(
      (sum, item) => sum + (numberOf(item, 'failures') ?? 0),
      0,
    );
  }

  async writeCircuit(
    targetId: string,
    circuit: Circuit,
    expectedEpoch: number,
    now: number,
  ): Promise<WriteResult> {
    const conflict = await this.#update(targetId, circuitUpdate(circuit, expectedEpoch, now));
    if (conflict === undefined) return { kind: 'written' };
    return { kind: 'conflict', current: conflict.item ?? (await this.#current(targetId)) };
  }

  async writeCooldown(targetId: string, cooldown: Cooldown, now: number): Promise<void> {
    await this.#update(targetId, {
      UpdateExpression: 'SET #until = :until, #step = :step, #ttl = :ttl',
      // A rest that ends later than any may was written by a clock that went astray.
      ConditionExpression: 'attribute_not_exists(#until) OR #until < :until OR #until > :absurd',
      names: { '#until': 'cooling_until', '#step': 'cooling_step', '#ttl': 'ttl' },
      values: {
        ':until': number(cooldown.until),
        ':step': number(cooldown.step),
        ':absurd': number(now + LONGEST_REST_MS + CLOCK_SKEW_MS),
        ':ttl': timeToLive(now),
      },
    });
  }

  async writeHealth(targetId: string, health: Health, now: number): Promise<void> {
    await this.#update(targetId, {
      UpdateExpression: 'SET #at = :at, #failures = :failures, #latency = :latency, #ttl = :ttl',
      ConditionExpression: 'attribute_not_exists(#at) OR #at < :at OR #at > :absurd',
      names: {
        '#at': 'health_at',
        '#failures': 'health_failures',
        '#latency': 'health_latency_ms',
        '#ttl': 'ttl',
      },
      values: {
        ':at': number(health.lastProbeAt),
        ':failures': number(health.failures),
        ':latency': number(health.latencyMs),
        ':absurd': number(now + CLOCK_SKEW_MS),
        ':ttl': timeToLive(now),
      },
    });
  }

  /** Undefined when it was written; else what stood in the way, where DynamoDB says so. */
  async #update(targetId: string, update: Update): Promise<{ readonly item?: CircuitView } | undefined> {
    const { names, values, ...expressions } = update;
    const command = new UpdateItemCommand({
      TableName: this.#table,
      Key: circuitKey(targetId),
      ...expressions,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: values,
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    });
    try {
      await this.#client.send(command, { abortSignal: AbortSignal.timeout(TIME_LIMIT_MS) });
      return undefined;
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      return error.Item === undefined ? {} : { item: viewFromItem(error.Item) };
    }
  }

  async #current(targetId: string): Promise<CircuitView> {
    const { items } = await this.#batchGet([circuitKey(targetId)], true);
    const [item] = items;
    return item === undefined ? UNKNOWN_CIRCUIT : viewFromItem(item);
  }

  async #batchGet(
    keys: readonly Item[],
    isConsistent = false,
  ): Promise<{ readonly items: readonly Item[]; readonly unprocessed: readonly Item[] }> {
    const starts = Array.from(
      { length: Math.ceil(keys.length / MOST_KEYS) },
      (_, index) => index * MOST_KEYS,
    );
    const answers = await Promise.all(
      starts.map((start) => {
        const Keys = keys.slice(start, start + MOST_KEYS);
        const command = new BatchGetItemCommand({
          RequestItems: { [this.#table]: { Keys, ConsistentRead: isConsistent } },
        });
        return this.#client.send(command, { abortSignal: AbortSignal.timeout(TIME_LIMIT_MS) });
      }),
    );
    return {
      items: answers.flatMap(({ Responses }) => Responses?.[this.#table] ?? []),
      unprocessed: answers.flatMap(({ UnprocessedKeys }) => UnprocessedKeys?.[this.#table]?.Keys ?? []),
    };
  }
}

/** One more try after a throttled one is all that fits into the time limit. */
function newClient(): DynamoDBClient {
  return new DynamoDBClient({
    maxAttempts: 2,
    requestHandler: {
      connectionTimeout: TIME_LIMIT_MS,
      requestTimeout: TIME_LIMIT_MS,
      throwOnRequestTimeout: true,
    },
  });
}

function circuitUpdate(circuit: Circuit, expectedEpoch: number, now: number): Update {
  const attributes = Object.entries({ ...circuitAttributes(circuit), ttl: timeToLive(now) });
  const isEpoch = '#epoch = :expected';
  const present = attributes.flatMap(([name, value]) =>
    value === undefined ? [] : [[name, value] as const],
  );
  const absent = attributes.flatMap(([name, value]) => (value === undefined ? [`#${name}`] : []));
  const set = `SET ${present.map(([name]) => `#${name} = :${name}`).join(', ')}`;
  return {
    UpdateExpression: absent.length === 0 ? set : `${set} REMOVE ${absent.join(', ')}`,
    ConditionExpression: expectedEpoch === 0 ? `attribute_not_exists(#epoch) OR ${isEpoch}` : isEpoch,
    names: Object.fromEntries(attributes.map(([name]) => [`#${name}`, name])),
    values: {
      ...Object.fromEntries(present.map(([name, value]) => [`:${name}`, value])),
      ':expected': number(expectedEpoch),
    },
  };
}
