import { describe, expect, it } from 'vitest';
import type { ProbeReport } from '../../../lambda/routing/health.ts';
import { probeTarget } from '../../../lambda/upstream/probe-target.ts';
import {
  ConnectionFailure,
  type CallUpstream,
  type UpstreamRequest,
} from '../../../lambda/upstream/upstream-call.ts';
import { aTarget } from '../routing/support.ts';

const TARGET = aTarget('a', { healthProbe: { enabled: true, intervalMs: 30_000, timeoutMs: 5_000 } });

/** Time passes with every look at the clock. */
function aClock(step: number): () => number {
  let time = 0;
  return () => (time += step);
}

const unread: AsyncIterable<Uint8Array> = {
  [Symbol.asyncIterator]: () => {
    throw new Error('the probe must not read the list');
  },
};
const answering =
  (status: number, seen: UpstreamRequest[] = []): CallUpstream =>
  (request) => {
    seen.push(request);
    return Promise.resolve({ status, headers: {}, body: unread });
  };
const hanging: CallUpstream = ({ signal }) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(new DOMException('aborted', 'AbortError')));
  });

const probe = (callUpstream: CallUpstream, target = TARGET): Promise<ProbeReport> =>
  probeTarget(target, { callUpstream, elapsed: aClock(40), secret: ' sk-1\n' });

describe('a health probe', () => {
  it.each([200, 201, 304, 401, 403, 404, 429])('takes status %i for a sign of life', async (status) => {
    expect(await probe(answering(status))).toEqual({ ok: true, latencyMs: 40 });
  });

  it.each([500, 502, 503, 529])('takes status %i for a failure', async (status) => {
    expect(await probe(answering(status))).toEqual({ ok: false, latencyMs: 40, reason: `status ${status}` });
  });

  it('names the system code of a failed connection', async () => {
    const refused: CallUpstream = () => Promise.reject(new ConnectionFailure('ECONNREFUSED'));
    expect(await probe(refused)).toMatchObject({ ok: false, reason: 'ECONNREFUSED' });
  });

  it('gives up after its timeout', async () => {
    const hasty = aTarget('a', { healthProbe: { enabled: true, intervalMs: 30_000, timeoutMs: 1 } });
    expect(await probe(hanging, hasty)).toMatchObject({ ok: false, reason: 'timeout' });
  });

  it('survives any other mishap', async () => {
    const broken: CallUpstream = () => Promise.reject(new TypeError('bad header'));
    expect(await probe(broken)).toMatchObject({ ok: false, reason: 'TypeError' });
  });

  it('asks for the list of models with the trimmed key, and hangs up after the status', async () => {
    const seen: UpstreamRequest[] = [];
    await probe(answering(200, seen));
    expect(seen).toMatchObject([
      { method: 'GET', url: 'https://api.aimlapi.com/v1/models', headers: { authorization: 'Bearer sk-1' } },
    ]);
    expect(seen[0]?.signal.aborted).toBe(true);
  });

  it('asks without a key where there is none', async () => {
    const seen: UpstreamRequest[] = [];
    await probeTarget(TARGET, { callUpstream: answering(200, seen), elapsed: aClock(1), secret: undefined });
    expect(seen[0]?.headers).not.toHaveProperty('authorization');
  });
});
