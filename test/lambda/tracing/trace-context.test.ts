/** Whose trace a request belongs to, what goes upstream of it, and which requests are traced. */
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type AimlapiUpstream, startAimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import { startCollector, type Collector } from '../../support/a-collector.ts';
import { aConfig, aGateway, ENTITY_FREE_CHAIN, targetsAt } from '../../support/a-gateway.ts';
import { aTracedGateway } from '../../support/a-traced-gateway.ts';

let upstream: AimlapiUpstream;
let collector: Collector;
beforeAll(async () => {
  upstream = await startAimlapiUpstream();
});
beforeEach(async () => {
  collector = await startCollector();
  return () => collector.close();
});
afterAll(() => upstream.close());

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const SAMPLED = `00-${TRACE}-${PARENT}-01`;
const UNSAMPLED = `00-${TRACE}-${PARENT}-00`;
const ASK = { model: 'gpt-4o', messages: [{ role: 'user', content: 'say: hello' }] };
const config = () => aConfig(`${targetsAt(upstream.url)}${ENTITY_FREE_CHAIN}`);

/** One request through a gateway that traces; what the collector and the upstream got. */
async function trace(headers: Readonly<Record<string, string>>, variables = {}) {
  const gateway = await aTracedGateway(config(), {
    variables: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, ...variables },
  });
  onTestFinished(() => gateway.close());
  const { status } = await gateway.post('/v1/chat/completions', ASK, { headers });
  expect(status).toBe(200);
  await gateway.opened.flush();
  const spans = collector.spans();
  return {
    request: spans.find(({ kind }) => kind === 'server'),
    call: spans.find(({ kind }) => kind === 'client'),
    sent: upstream.requests.at(-1)?.headers ?? {},
  };
}

describe('the trace of a caller', () => {
  it('goes on in the gateway, and from its call upstream', async () => {
    const { request, call, sent } = await trace({ traceparent: SAMPLED, tracestate: 'vendor=opaque' });
    expect(request).toMatchObject({ traceId: TRACE, parentSpanId: PARENT, traceState: 'vendor=opaque' });
    expect(call).toMatchObject({ traceId: TRACE, parentSpanId: request?.spanId });
    expect(sent).toMatchObject({
      traceparent: `00-${TRACE}-${call?.spanId}-01`,
      tracestate: 'vendor=opaque',
    });
  });

  it.each([
    ['is missing', {}],
    ['has another form', { traceparent: 'nonsense' }],
    ['has no trace', { traceparent: `00-${'0'.repeat(32)}-${PARENT}-01` }],
    ['has no parent', { traceparent: `00-${TRACE}-${'0'.repeat(16)}-01` }],
    ['has a version that can not be', { traceparent: `ff-${TRACE}-${PARENT}-01` }],
  ])('that %s gives a new one, without the state of the old', async (_case, headers) => {
    const { request, call, sent } = await trace({ ...headers, tracestate: 'vendor=opaque' });
    expect(request?.parentSpanId).toBe('');
    expect(request?.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
    expect(request?.traceId).not.toBe(TRACE);
    expect(sent['traceparent']).toBe(`00-${request?.traceId}-${call?.spanId}-01`);
    expect(sent).not.toHaveProperty('tracestate');
  });

  it('goes upstream as it came where nothing is traced', async () => {
    const gateway = aGateway(config());
    onTestFinished(() => gateway.close());
    const headers = { traceparent: SAMPLED, tracestate: 'vendor=opaque' };
    await gateway.post('/v1/chat/completions', ASK, { headers });
    expect(upstream.requests.at(-1)?.headers).toMatchObject(headers);
  });
});

describe('OTEL_TRACES_SAMPLER', () => {
  const ALL = `00-${'f'.repeat(32)}-${PARENT}`;
  it.each([
    ['is absent', undefined, undefined, SAMPLED, true],
    ['is absent', undefined, undefined, UNSAMPLED, false],
    ['always_on', 'always_on', undefined, UNSAMPLED, true],
    ['always_off', 'always_off', undefined, SAMPLED, false],
    ['parentbased_always_on', 'parentbased_always_on', undefined, UNSAMPLED, false],
    ['parentbased_always_off', 'parentbased_always_off', undefined, SAMPLED, true],
    ['traceidratio 0', 'traceidratio', '0', SAMPLED, false],
    ['traceidratio 1', 'traceidratio', '1', UNSAMPLED, true],
    ['traceidratio without a number', 'traceidratio', undefined, UNSAMPLED, true],
    ['parentbased_traceidratio 0', 'parentbased_traceidratio', '0', `${ALL}-01`, true],
    ['parentbased_traceidratio 1', 'parentbased_traceidratio', '1', `${ALL}-00`, false],
  ])('%s decides, beside the caller', async (_case, sampler, argument, traceparent, isSampled) => {
    const variables = { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument };
    const { request, sent } = await trace({ traceparent }, variables);
    expect(request !== undefined).toBe(isSampled);
    const id = traceparent.slice(3, 35);
    expect(sent['traceparent']).toMatch(
      new RegExp(`^00-${id}-(?!${PARENT})[0-9a-f]{16}-0${isSampled ? 1 : 0}$`),
    );
  });

  it.each([
    ['parentbased_always_on', undefined, true],
    ['parentbased_always_off', undefined, false],
    ['parentbased_traceidratio', '0', false],
    ['parentbased_traceidratio', '1', true],
  ])('%s %s decides alone where there is no caller’s trace', async (sampler, argument, isSampled) => {
    const variables = { OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: argument };
    expect((await trace({}, variables)).request !== undefined).toBe(isSampled);
  });
});
