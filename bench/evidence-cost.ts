/**
 * What evidence costs a caller on AWS: the time to the last byte with Firehose, which answers after 10 ms, less that
 * with a sink that keeps nothing. The floor is one call of Firehose and nothing else. The client of the SDK is real:
 * `node bench/evidence-cost.ts`.
 */
import { awsDelivery } from '../lambda/audit/aws-delivery.ts';
import type { Delivery } from '../lambda/audit/delivery.ts';
import { openFirehoseSink } from '../lambda/audit/firehose-sink.ts';
import type { AuditSink } from '../lambda/audit/sink.ts';
import { aConfig, aGateway, FOUR_POLICIES, targetsAt, type TestGateway } from '../test/support/a-gateway.ts';
import { inTurns, quantile, type Endpoint } from './load.ts';
import { startScript } from './processes.ts';
import { type Row, tableText } from './table.ts';
import { bodyFor, proseOf, THOUGHTFUL } from './workload.ts';

/** The four-policy chain; `immutable` asks for a start record, written while the model is at work. */
const IMMUTABLE = FOUR_POLICIES.replace('retention_days: 365', '$&, immutable: true');

const KEEPS_NOTHING: AuditSink = {
  append: () => Promise.resolve(),
  appendStart: () => undefined,
  close: () => Promise.resolve(),
};

/** @param rounds Of one answer from each gateway. */
export async function evidenceRows(rounds: number): Promise<readonly Row[]> {
  const [upstream, firehose] = await Promise.all([startScript('upstream.ts'), startScript('firehose.ts')]);
  const gatewayWith = (policies: string, audit: AuditSink): TestGateway =>
    aGateway(aConfig(`${policies}${targetsAt(upstream.url, [THOUGHTFUL.model])}`), { audit });
  const bare = deliveryTo(firehose.url);
  const gateways = new Map<string, TestGateway>([
    ['none', gatewayWith(IMMUTABLE, KEEPS_NOTHING)],
    ['decision', gatewayWith(FOUR_POLICIES, firehoseSink(firehose.url))],
    ['start and decision', gatewayWith(IMMUTABLE, firehoseSink(firehose.url))],
  ]);
  try {
    const rows: Row[] = [];
    for (const stream of [false, true]) rows.push(...(await measure(bare, gateways, stream, rounds)));
    return rows;
  } finally {
    for (const gateway of gateways.values()) {
      await gateway.services.audit.close();
      await gateway.close();
    }
    await bare.close();
    await Promise.all([upstream.stop(), firehose.stop()]);
  }
}

function deliveryTo(endpoint: string): Delivery {
  const credentials = { accessKeyId: 'bench', secretAccessKey: 'bench' };
  const client = { endpoint, region: 'eu-west-1', credentials };
  return awsDelivery({ streamName: 'audit', bucketName: 'audit', client });
}

function firehoseSink(endpoint: string): AuditSink {
  const log = (_level: string, message: string): never => {
    throw new Error(message);
  };
  return openFirehoseSink({ delivery: deliveryTo(endpoint), writerId: 'bench', now: Date.now, log });
}

const FLOOR = 'one call';
/** About as long as a decision event. */
const RECORD = Buffer.from(`${proseOf(1800)}\n`);

async function measure(
  bare: Delivery,
  gateways: ReadonlyMap<string, TestGateway>,
  stream: boolean,
  rounds: number,
): Promise<readonly Row[]> {
  const body = bodyFor(THOUGHTFUL.model, stream);
  const call = async ({ name }: Endpoint): Promise<number> => {
    const started = performance.now();
    if (name === FLOOR) await bare.putRecords([RECORD], 1000);
    const answer = await gateways.get(name)?.post('/v1/chat/completions', body);
    if (answer !== undefined && answer.status !== 200)
      throw new Error(`status ${answer.status}: ${answer.text}`);
    return performance.now() - started;
  };
  const endpoints = [FLOOR, ...gateways.keys()].map((name) => ({ name, url: '' }));
  await inTurns(endpoints, Math.ceil(rounds / 5), call);
  const times = await inTurns(endpoints, rounds, call);
  const median = (name: string): number => quantile(times.get(name) ?? [], 0.5);
  const kind = stream ? 'streamed' : 'whole';
  return [
    {
      name: `evidence through Firehose of 10 ms, ${kind}`,
      unit: 'ms',
      floor: median(FLOOR),
      gateway: median('decision') - median('none'),
      goal: { kind: 'at-most-floor', factor: 1.25 },
    },
    {
      name: `of it the start record, ${kind}`,
      unit: 'ms',
      gateway: median('start and decision') - median('decision'),
      goal: { kind: 'at-most', gateway: 1 },
    },
  ];
}

if (import.meta.main) {
  process.stdout.write(`${tableText(await evidenceRows(Number(process.argv[2] ?? 100)))}\n`);
}
