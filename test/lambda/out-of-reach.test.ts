/** What the gateway depends on fails: every route still answers, and says neither why nor where. */
import { describe, expect, it } from 'vitest';
import { aConfig, aGateway, targetsAt } from '../support/a-gateway.ts';

const config = aConfig(`${targetsAt('http://127.0.0.1:9')}policies: {chain: [pii-detector]}\n`);
const refused = Object.assign(new Error('connect ECONNREFUSED 10.0.0.7:443'), { code: 'ECONNREFUSED' });
const failing = () => Promise.reject(refused);
const ask = { model: 'm', messages: [{ role: 'user', content: 'hi' }] };

describe('gateway keys that can not be looked up', () => {
  const gateway = () => aGateway(config, { keys: failing });
  const headers = { authorization: 'Bearer kt_gk_1' };
  const told = { status: 503, json: { error: { code: 'overloaded' } }, headers: { 'retry-after': '1' } };

  it('are told with a time to come back, and leave an event', async () => {
    const test = gateway();
    const reply = await test.post('/v1/chat/completions', ask, { headers });
    expect(reply).toMatchObject(told);
    expect(reply.text).not.toContain('ECONNREFUSED');
    expect(test.events).toMatchObject([{ http_status: 503, reason_code: 'gateway.overloaded' }]);
    expect(test.log.join()).toContain('"code":"ECONNREFUSED"');
    expect(test.log.join()).not.toContain('10.0.0.7');
  });

  it.each(['/v1/models', '/health', '/metrics', '/nowhere'])('are told at %s too', async (path) => {
    const test = gateway();
    expect(await test.get(path, headers)).toMatchObject(told);
    expect(test.events).toEqual([]);
  });

  it('leave the sign of life alone', async () => {
    expect((await gateway().get('/healthz')).status).toBe(200);
  });
});

it('a fault of the program at a route that only tells is answered like any other', async () => {
  const secrets = {
    get: () => Promise.reject(new TypeError('a bug in /srv/app/secrets.ts')),
    forget: () => undefined,
  };
  const test = aGateway(config, { secrets });
  const reply = await test.get('/readyz', { 'x-request-id': 'r-1' });
  expect(reply).toMatchObject({
    status: 500,
    json: { error: { code: 'internal_error', request_id: 'r-1' } },
  });
  expect(reply.text).not.toContain('secrets.ts');
  expect(test.log.join()).toContain('r-1');
});

it('a file that can not be used is named without the folder it lies in', async () => {
  const problems = [
    '/home/alice/gw/policy-config.yaml:1 E002 pack.nme: unknown key',
    'C:\\gw\\more.yml E004',
  ];
  const test = aGateway(config, { reload: async () => ({ ok: false, problems }) });
  const reply = await test.post('/keeptrusts/config/reload', '');
  expect(reply.status).toBe(422);
  expect(reply.text).toContain('stays: policy-config.yaml:1 E002 pack.nme: unknown key; more.yml E004');
  expect(reply.text).not.toContain('alice');
});
