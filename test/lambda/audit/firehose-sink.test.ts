/** Delivery under the faults of AWS: only what was refused is sent again, then S3 takes it, then the log. */
import { describe, expect, it, onTestFinished } from 'vitest';
import { awsDelivery } from '../../../lambda/audit/aws-delivery.ts';
import { openFirehoseSink, type FirehoseSinkOptions } from '../../../lambda/audit/firehose-sink.ts';
import { AuditUnavailable } from '../../../lambda/audit/sink.ts';
import { expectUnbroken, recordingLog } from '../../contract/audit-sink.ts';
import { aDecisionEvent, aStartEvent, decisionEvents, storedEvent } from '../../support/a-decision-event.ts';
import { startAwsStub, type AwsFault } from '../../support/aws-stub.ts';

/** Long enough for any machine; hanging is tried with the real limits. */
const PATIENT = [0, 1, 1].map((pauseMs) => ({ pauseMs, timeoutMs: 20_000 }));

async function aSink(options: Partial<FirehoseSinkOptions> = { tries: PATIENT }) {
  const stub = await startAwsStub();
  const credentials = { accessKeyId: 'stub', secretAccessKey: 'stub' };
  const client = { endpoint: stub.url, region: 'eu-west-1', credentials };
  const delivery = awsDelivery({ streamName: 'audit', bucketName: 'evidence', client });
  const log = recordingLog();
  const sink = openFirehoseSink({
    delivery,
    writerId: 'env',
    now: () => Date.UTC(2026, 10, 1, 10),
    log,
    ...options,
  });
  onTestFinished(async () => {
    await sink.close();
    await stub.close();
  });
  const inObjects = () =>
    [...stub.objects.values()].flatMap(({ body }) => body.toString().trimEnd().split('\n'));
  return { stub, sink, log, delivery, inObjects };
}

const idsOf = (lines: readonly string[]) => lines.map((line) => storedEvent(line).event_id);
const appendAll = (sink: Awaited<ReturnType<typeof aSink>>['sink'], count: number) =>
  Promise.allSettled(decisionEvents(count).map((event) => sink.append(event)));

describe('the Firehose sink', () => {
  it('sends a line end with each record', async () => {
    const { stub, sink } = await aSink();
    await sink.append(aDecisionEvent());
    expect(stub.records()[0]).toMatch(/^\{.*\}\n$/);
    expect(stub.batches[0]?.stream).toBe('audit');
  });

  it('sends together what came while a call was under way', async () => {
    const { stub, sink } = await aSink();
    await appendAll(sink, 30);
    expect(stub.batches.map(({ records }) => records.length)).toEqual([1, 29]);
  });

  it('splits what is too large for one call', async () => {
    const { stub, sink } = await aSink();
    const attempts = Array.from({ length: 8000 }, () => ({
      target_id: 'x'.repeat(40),
      status: 500,
      latency_ms: 1,
      error: null,
    }));
    await Promise.all(decisionEvents(12, { attempts }).map((event) => sink.append(event)));
    expect(stub.records()).toHaveLength(12);
    expect(stub.batches.length).toBeGreaterThan(2);
    expectUnbroken(stub.records().map((record) => record.trimEnd()));
  });

  it('sends only the refused records again', async () => {
    const { stub, sink } = await aSink();
    for (const failed of [[], [0, 2], [1]]) stub.fail('firehose', { kind: 'partial', failed });
    const outcomes = await appendAll(sink, 6);
    expect(outcomes.every(({ status }) => status === 'fulfilled')).toBe(true);
    expect(stub.batches.map(({ records }) => idsOf(records))).toEqual([
      ['evt_1'],
      ['evt_3', 'evt_5', 'evt_6'],
      ['evt_2'],
      ['evt_4'],
    ]);
  });

  it.each<readonly [string, AwsFault]>([
    ['refuses one record again and again', { kind: 'partial', failed: [0] }],
    ['throttles', { kind: 'throttle' }],
    ['fails', { kind: 'status', status: 500, code: 'InternalFailure' }],
    ['is not allowed', { kind: 'status', status: 400, code: 'AccessDeniedException' }],
    ['hangs', { kind: 'hang' }],
    ['cuts the connection', { kind: 'reset' }],
  ])('writes to S3 after three tries when Firehose %s', async (_, fault) => {
    const { stub, sink, log, inObjects } = await aSink(fault.kind === 'hang' ? {} : { tries: PATIENT });
    stub.fail('firehose', fault, 3);
    await sink.append(aDecisionEvent({ event_id: 'evt_1' }));
    expect(stub.calls.firehose).toBe(3);
    expect(idsOf(inObjects())).toEqual(['evt_1']);
    expect([...stub.objects.keys()]).toEqual(['evidence/audit/dt=2026-11-01/hr=10/direct-env-evt_1.jsonl']);
    expect(log.fallbacks).toEqual([]);
    await sink.append(aDecisionEvent({ event_id: 'evt_2' }));
    expectUnbroken([...inObjects(), ...stub.records().map((record) => record.trimEnd())]);
  });

  it('leaves the same line twice when Firehose took it and its answer was lost', async () => {
    const { stub, sink } = await aSink();
    stub.fail('firehose', { kind: 'accept-then-reset' });
    await sink.append(aDecisionEvent());
    expect(stub.records()).toHaveLength(2);
    expect(new Set(stub.records()).size).toBe(1);
  });

  it('rejects only the events that neither took, and logs them with their place in the chain', async () => {
    const { stub, sink, log } = await aSink();
    stub.fail('firehose', { kind: 'partial', failed: [] });
    stub.fail('firehose', { kind: 'partial', failed: [1] });
    stub.fail('firehose', { kind: 'throttle' }, 2);
    stub.fail('s3', { kind: 'status', status: 403, code: 'AccessDenied' }, 2);
    const outcomes = await appendAll(sink, 4);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect(idsOf(log.fallbacks)).toEqual(['evt_3']);
    const stored = stub.records().map((record) => record.trimEnd());
    expectUnbroken(
      [...stored, ...log.fallbacks].toSorted((a, b) => storedEvent(a).chain.seq - storedEvent(b).chain.seq),
    );
  });

  it('says nothing of accounts and hosts', async () => {
    const { stub, sink, log } = await aSink();
    stub.fail('firehose', { kind: 'reset' }, 3);
    stub.fail('s3', { kind: 'reset' }, 2);
    const lost = sink.append(aDecisionEvent());
    await expect(lost).rejects.toBeInstanceOf(AuditUnavailable);
    await expect(lost).rejects.not.toThrow(/127\.0\.0\.1/);
    expect(log.messages.join('\n')).not.toContain('127.0.0.1');
  });

  it('is prepared without a call', async () => {
    const { stub, sink } = await aSink();
    sink.prepare?.();
    sink.prepare?.();
    await sink.append(aDecisionEvent());
    expect(stub.calls).toEqual({ firehose: 1, s3: 0, secretsmanager: 0 });
  });
});

describe('a start record', () => {
  it('stands in the chain before the decision that is appended after it', async () => {
    const { stub, sink } = await aSink();
    sink.appendStart?.(aStartEvent());
    await sink.append(aDecisionEvent());
    expect(idsOf(stub.records())).toEqual([aStartEvent().event_id, aDecisionEvent().event_id]);
    expectUnbroken(stub.records().map((record) => record.trimEnd()));
  });

  it('that no store takes is in the log with its place, and the chain goes on', async () => {
    const { stub, sink, log } = await aSink();
    stub.fail('firehose', { kind: 'throttle' }, 3);
    stub.fail('s3', { kind: 'status', status: 403, code: 'AccessDenied' });
    sink.appendStart?.(aStartEvent());
    await sink.append(aDecisionEvent());
    expect(log.fallbacks).toHaveLength(1);
    expectUnbroken([...log.fallbacks, ...stub.records().map((record) => record.trimEnd())]);
  });

  it('is nobody’s concern after close', async () => {
    const { stub, sink } = await aSink();
    await sink.close();
    sink.appendStart?.(aStartEvent());
    expect(stub.calls.firehose).toBe(0);
  });
});
