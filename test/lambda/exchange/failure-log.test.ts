/** The log of a running gateway: what an operator has to mend is in it, what callers did wrong is not. */
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startAimlapiUpstream } from '../../../bin/upstream/aimlapi-upstream.ts';
import type { AimlapiUpstream, Fault } from '../../../bin/upstream/aimlapi-upstream.ts';
import type { Services } from '../../../lambda/services.ts';
import { aConfig, aGateway, ENTITY_FREE_CHAIN, targetsAt } from '../../support/a-gateway.ts';

let upstream: AimlapiUpstream;
beforeAll(async () => {
  upstream = await startAimlapiUpstream();
});
afterAll(() => upstream.close());

async function logOf(fault: Fault | undefined, body: object = {}, changes: Partial<Services> = {}) {
  const url = fault === undefined ? upstream.url : upstream.faultUrl(fault);
  const gateway = aGateway(aConfig(`${targetsAt(url)}${ENTITY_FREE_CHAIN}`), changes);
  onTestFinished(() => gateway.close());
  const messages = [{ role: 'user', content: 'a secret of the caller' }];
  const { status } = await gateway.post(
    '/v1/chat/completions',
    { model: 'gpt-4o', messages, ...body },
    { headers: { authorization: 'Bearer kt_gk_1' } },
  );
  expect(status).toBe(gateway.events[0]?.http_status);
  return { log: gateway.log.map((line): unknown => JSON.parse(line)), text: gateway.log.join('\n'), gateway };
}

describe('a request that fails', () => {
  it.each<[Fault, string, number]>([
    ['refuse/A/401/key', 'upstream.auth_failed', 502],
    ['refuse/A/403/funds', 'upstream.insufficient_funds', 502],
    ['refuse/A/500/server', 'upstream.error', 502],
  ])('is one line of the log with its reason and its target: %s', async (fault, reason, status) => {
    const { log, text, gateway } = await logOf(fault);
    expect(log).toEqual([
      {
        level: 'warn',
        message: `a request failed: ${reason}`,
        event_id: gateway.events[0]?.event_id,
        target_id: 't1',
        http_status: status,
      },
    ]);
    expect(text).not.toContain('secret of the caller');
  });

  it('is a line without a target where none could be called', async () => {
    const { log } = await logOf(
      undefined,
      {},
      { secrets: { get: () => undefined, forget: () => undefined } },
    );
    expect(log).toMatchObject([{ message: 'a request failed: upstream.no_target', target_id: null }]);
  });

  it('is found under the id that its caller was told, where the gateway itself is at fault', async () => {
    const get = () => Promise.reject(new Error('a secret of the caller'));
    const { log, text, gateway } = await logOf(undefined, {}, { secrets: { get, forget: () => undefined } });
    const { event_id, request_id } = gateway.events[0] ?? {};
    expect(log).toMatchObject([{ level: 'error', message: 'internal error', request_id, event_id }]);
    expect(text).not.toContain('secret of the caller');
  });

  it.each<[string, Fault | undefined, object, Partial<Services>]>([
    ['answered', undefined, {}, {}],
    ['a mistake of the caller', undefined, { messages: [] }, {}],
    ['refused by upstream for what the caller wrote', 'refuse/A/400/validation', {}, {}],
    ['one too many at once', undefined, {}, { maxConcurrency: 0 }],
  ])('is no line of the log when it is %s', async (_, fault, body, changes) => {
    expect((await logOf(fault, body, changes)).log).toEqual([]);
  });
});
