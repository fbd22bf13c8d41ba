/** The queue of spans is bounded, and says so when it is full. */
import { beforeEach, describe, expect, it } from 'vitest';
import { emptyResource } from '@opentelemetry/resources';
import { readTracingSettings } from '../../../lambda/config/tracing-settings.ts';
import { readableSpan } from '../../../lambda/tracing/readable-span.ts';
import { openSpanQueue } from '../../../lambda/tracing/span-exporter.ts';
import { startCollector, type Collector } from '../../support/a-collector.ts';

let collector: Collector;
beforeEach(async () => {
  collector = await startCollector();
  return () => collector.close();
});

const SPAN = readableSpan(
  {
    name: 'chat gpt-4o',
    kind: 'client',
    traceId: 'a'.repeat(32),
    spanId: 'b'.repeat(16),
    hasRemoteParent: false,
    startMs: 1_700_000_000_000.25,
    endMs: 1_700_000_000_010.5,
    attributes: { text: 'x', whole: 7, part: 0.5, yes: true, list: ['a', 'b'] },
    events: [{ name: 'event', atMs: 1_700_000_000_001, attributes: { n: -3 } }],
    isError: false,
  },
  { resource: emptyResource(), instrumentationScope: { name: 'test', version: '1' } },
);

function queueTo({ url }: Collector, sendsOnFlush: boolean, log: string[] = []) {
  const reading = readTracingSettings({ OTEL_EXPORTER_OTLP_ENDPOINT: url });
  if (reading.kind !== 'on') throw new Error('tracing is off');
  return openSpanQueue(reading.settings, {
    scheme: 'http',
    version: '1',
    environment: 'test',
    sendsOnFlush,
    elapsed: () => 0,
    log: (_level, message) => void log.push(message),
  });
}

describe('a queue of spans', () => {
  it('sends times, attributes and events as they are', async () => {
    const queue = queueTo(collector, true);
    queue.push(SPAN);
    await queue.flush();
    expect(collector.spans()).toMatchObject([
      {
        startNs: 1_700_000_000_000_250_000n,
        endNs: 1_700_000_000_010_500_000n,
        attributes: { text: 'x', whole: 7, part: 0.5, yes: true, list: ['a', 'b'] },
        events: [{ name: 'event', atNs: 1_700_000_000_001_000_000n, attributes: { n: -3 } }],
      },
    ]);
    await queue.close();
  });

  it.each([
    ['of a function', true],
    ['of a local run', false],
  ])('%s holds 2048 while a batch is on its way, and drops the rest', async (_case, sendsOnFlush) => {
    const log: string[] = [];
    const queue = queueTo(collector, sendsOnFlush, log);
    for (let count = 0; count < 512 + 2048; count += 1) queue.push(SPAN);
    expect(log).toEqual([]);
    for (let count = 0; count < 100; count += 1) queue.push(SPAN);
    expect(log).toEqual(['spans are dropped']);
    await queue.close();
    expect(collector.spans()).toHaveLength(512 + 2048);
  });

  it('sends nothing of itself when it is empty', async () => {
    const queue = queueTo(collector, true);
    await queue.flush();
    await queue.close();
    expect(collector.exports).toEqual([]);
  });
});
