/** Captures of the function as it is deployed: stored before the invocation ends, in a stream of their own. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { readDeployedEnvironment } from '../../lambda/config/environment.ts';
import { openAwsServices } from '../../lambda/aws-services.ts';
import { aConfig, targetsAt } from '../support/a-gateway.ts';
import { type DeployedGateway, deployGateway, environmentOf } from '../support/deployed-gateway.ts';

const policies = `
pack: {name: deployed, version: 1.2.3, enabled: true}
policies: {chain: [{pii-detector: {mode: monitor}}, audit-logger]}
policy:
  pii-detector: {action: redact}
  audit-logger: {capture: redacted}
providers:
  targets:
    - {id: only, provider: aimlapi, base_url: "{{upstream}}", secret_key_ref: {env: AIMLAPI_KEY}}
`;

let gateway: DeployedGateway;
let key: string;
beforeAll(async () => {
  gateway = await deployGateway({ policies });
  key = await gateway.addKey();
}, 180_000);
afterAll(() => gateway.close());
beforeEach(() => gateway.aws.heal());

async function ask(content: string, stream: boolean): Promise<string> {
  const reply = await fetch(`${gateway.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-4o', stream, messages: [{ role: 'user', content }] }),
  });
  return reply.text();
}
const recordsOf = (name: string): readonly string[] =>
  gateway.aws.batches.filter(({ stream }) => stream === name).flatMap(({ records }) => records);

describe.each([
  ['whole', false],
  ['streamed', true],
])('a request answered %s', (_case, stream) => {
  it('leaves a capture beside its event, without what its texts hold', async () => {
    const before = recordsOf('captures').length;
    expect(await ask('say: mail bob@example.com please', stream)).toContain('example');
    // One environment serves one request at a time: when the next is answered, what this one left is stored.
    await ask('say: hello', stream);
    const capture = recordsOf('captures')
      .slice(before)
      .find((each) => each.includes('please'));
    expect(capture).toContain('say: mail [EMAIL_REDACTED] please');
    expect(capture).not.toContain('example.com');
    const id = /"event_id":"evt_\w+"/.exec(capture ?? '')?.[0] ?? 'none';
    expect(recordsOf('events').some((event) => event.includes(id))).toBe(true);
  });

  it('is answered all the same when the stream of captures takes nothing, which is counted', async () => {
    gateway.aws.fail('firehose', { kind: 'throttle' }, 50);
    const failures = () => gateway.function.log().match(/"CaptureFailures":1/g)?.length ?? 0;
    const told = failures();
    expect(await ask('say: unkept', stream)).toContain('unkept');
    await ask('say: hello', stream);
    expect(failures()).toBeGreaterThan(told);
    expect(gateway.function.log()).toContain('a capture could not be stored');
    expect(recordsOf('captures').join('')).not.toContain('unkept');
  });
});

describe('a function whose stack has no stream for captures', () => {
  it('does not start: nobody would notice that nothing is kept', () => {
    const config = aConfig(
      `${targetsAt('http://127.0.0.1:1')}policies: {chain: [audit-logger]}\npolicy: {audit-logger: {capture: redacted}}\n`,
    );
    const { KEEPTRUSTS_CAPTURE_STREAM: _, ...variables } = environmentOf(
      'http://127.0.0.1:1',
      'http://127.0.0.1:1',
    );
    const environment = readDeployedEnvironment(variables);
    const open = () =>
      openAwsServices({ config, environment, log: () => undefined, writeLine: () => undefined });
    expect(open).toThrow(/lacks KEEPTRUSTS_CAPTURE_STREAM: deploy it with the stack/);
  });
});
