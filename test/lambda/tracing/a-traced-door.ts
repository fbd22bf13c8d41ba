/** A gateway that traces, its upstream and its collector, for tests that look at the spans of requests. */
import { afterAll, beforeAll, beforeEach, onTestFinished } from 'vitest';
import { type AimlapiUpstream, startAimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import { startCollector, type Collector } from '../../support/a-collector.ts';
import { aConfig, FOUR_POLICIES, targetsAt } from '../../support/a-gateway.ts';
import {
  aTracedGateway,
  type TracedGateway,
  type TracedGatewayOptions,
} from '../../support/a-traced-gateway.ts';

let upstream: AimlapiUpstream;
let collector: Collector;

/** To be called once in a file of tests: one upstream for all of them, a collector for each. */
export function setUpDoor(): void {
  beforeAll(async () => {
    upstream = await startAimlapiUpstream();
  });
  beforeEach(async () => {
    collector = await startCollector();
    return () => collector.close();
  });
  afterAll(() => upstream.close());
}

export const theCollector = (): Collector => collector;

/** The base URL of the upstream; with a fault, that of one that goes wrong in this way. */
export const upstreamUrl = (fault?: string): string =>
  fault === undefined ? upstream.url : upstream.url.replace('/v1', `/fault/${fault}/v1`);

export interface DoorOptions extends Partial<TracedGatewayOptions> {
  readonly url?: string;
  /** More of the `providers` block. */
  readonly extra?: string;
  readonly models?: readonly string[];
  /** The `providers` block, in place of the three above. */
  readonly providers?: string;
}

export async function traced({
  url,
  extra,
  models,
  providers,
  ...options
}: DoorOptions = {}): Promise<TracedGateway> {
  const targets = providers ?? targetsAt(url ?? upstream.url, models, extra);
  const gateway = await aTracedGateway(aConfig(`${targets}${FOUR_POLICIES}`), {
    ...options,
    variables: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...options.variables },
  });
  onTestFinished(() => gateway.close());
  return gateway;
}

export const NO_RETRY = ', retry: {max_retries: 0}';

export const ask = (content: string, more: object = {}) => ({
  model: 'gpt-4o',
  messages: [{ role: 'user', content }],
  ...more,
});

/** One request, then all its spans. */
export async function spansOf(gateway: TracedGateway, path: string, body: unknown, headers = {}) {
  await gateway.post(path, body, { headers });
  await gateway.opened.flush();
  const spans = collector.spans();
  const calls = spans.filter(({ kind }) => kind === 'client');
  const request = spans.find(({ kind }) => kind === 'server');
  if (request === undefined) throw new Error('there is no span of the request');
  return { spans, request, calls, call: calls.at(-1), event: gateway.events.at(-1) };
}
