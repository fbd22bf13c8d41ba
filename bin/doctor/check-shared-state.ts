/** Whether the table through which gateways share their circuits answers. */
import type { GatewayConfig } from '../../lambda/config/gateway-config.ts';
import { SLOW_MS } from '../../lambda/state/table-watch.ts';
import { ok, warning, type Check } from './check.ts';

/** One check where the configuration names a table, else none. A gateway goes on without its table, so nothing fails. */
export async function checkSharedState({
  state,
  targets,
  circuitBreaker,
}: GatewayConfig): Promise<readonly Check[]> {
  if (state === undefined) return [];
  const name = `shared circuits ${state.dynamodbTable}`;
  try {
    const { DynamoDbCircuitTable } = await import('../../lambda/state/dynamodb-circuit-table.ts');
    const table = new DynamoDbCircuitTable(state.dynamodbTable, circuitBreaker);
    const ids = targets.map(({ id }) => id);
    // The first answer brings credentials and connection with it, for which no running gateway waits.
    await table.read(ids);
    const began = performance.now();
    await table.read(ids);
    const latency = Math.round(performance.now() - began);
    const check =
      latency > SLOW_MS
        ? warning(name, `answers in ${latency} ms; above ${SLOW_MS} ms each gateway decides alone`)
        : ok(name, `answers in ${latency} ms`);
    return [{ ...check, latency_ms: latency }];
  } catch (error) {
    const reason = error instanceof Error ? error.name : 'unknown failure';
    const fix = 'check its name, AWS_REGION, and the rights to BatchGetItem and UpdateItem';
    return [warning(name, `no answer (${reason}), each gateway decides alone; ${fix}`)];
  }
}
