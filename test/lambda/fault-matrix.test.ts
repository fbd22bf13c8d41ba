/**
 * Every way an upstream can fail, whole and streamed, with one target and with a second, good one. A cell reads
 * `status code: calls; failures`: what the caller gets, how each call of a target ended, and how many of the
 * ends speak against the target's circuit. `+error` is an error event after the stream had begun.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createServer } from 'node:net';
import { startAimlapiUpstream } from '../../bin/upstream/aimlapi-upstream.ts';
import type { AimlapiUpstream, Fault } from '../../bin/upstream/aimlapi-upstream.ts';
import { isBreakerFailure } from '../../lambda/routing/outcome.ts';
import { createMemoryCircuitStore } from '../../lambda/state/memory-circuit-store.ts';
import { aConfig, aGateway, ENTITY_FREE_CHAIN } from '../support/a-gateway.ts';

type Cells = readonly [wholeOne: string, wholeFallback: string, streamOne: string, streamFallback: string];

const all = (one: string, fallback: string): Cells => [one, fallback, one, fallback];
const REACHES_SECOND = '200: {}, ok; 1';

/** The first call's end stands for `{}` in the cells. */
function row(end: string, one: string, fallback = REACHES_SECOND): Cells {
  return all(one.replace('{}', end), fallback.replace('{}', end));
}

const ERROR = row('upstream_error', '502 upstream_error: {}; 1');
const MALFORMED = row('upstream_malformed', '502 upstream_malformed: {}; 1');
const TIMEOUT = row('upstream_timeout', '504 upstream_timeout: {}; 1');
/** Content was sent before it broke: whole replies fall back, streams can't any more. */
const midway = (cells: Cells, error: string): Cells => [
  cells[0],
  cells[1],
  `200 +${error}: ${error}; 1`,
  `200 +${error}: ${error}; 1`,
];
const refusal = (status: number, code: string): Cells => {
  const cell = `${status} ${code}: ${code}; 0`;
  return all(cell, cell);
};

const MATRIX: readonly (readonly [string, Fault | 'refused' | 'dns' | 'tls', Cells])[] = [
  ['connection refused', 'refused', ERROR],
  ['name not found', 'dns', ERROR],
  ['TLS failure', 'tls', ERROR],
  ['reset before headers', 'reset/headers', ERROR],
  ['cut before headers', 'cut/headers', ERROR],
  ['hang before headers', 'hang/headers', TIMEOUT],
  ['hang before the first token', 'hang/first-token', TIMEOUT],
  ['hang midway', 'hang/midway', midway(TIMEOUT, 'upstream_timeout')],
  ['cut before the first token', 'cut/first-token', ERROR],
  ['cut midway', 'cut/midway', midway(ERROR, 'upstream_error')],
  ['reset midway', 'reset/midway', midway(ERROR, 'upstream_error')],
  ['400', 'refuse/B/400', refusal(400, 'invalid_request')],
  // A wrong key is read afresh and tried once more; another target with the same key is not asked.
  [
    '401',
    'refuse/B/401',
    row(
      'upstream_auth_failed, upstream_auth_failed',
      '502 upstream_auth_failed: {}; 0',
      '502 upstream_auth_failed: {}; 0',
    ),
  ],
  ['403, out of funds', 'refuse/A/403', refusal(502, 'upstream_insufficient_funds')],
  ['404', 'refuse/B/404', refusal(404, 'unknown_route')],
  ['408', 'refuse/B/408', row('upstream_error', '502 upstream_error: {}; 0', '200: {}, ok; 0')],
  [
    '429 with Retry-After',
    'rate-limit/7',
    row('upstream_rate_limited', '429 upstream_rate_limited retry-after 7: {}; 0', '200: {}, ok; 0'),
  ],
  [
    '429 without Retry-After',
    'rate-limit',
    row('upstream_rate_limited', '429 upstream_rate_limited retry-after 5: {}; 0', '200: {}, ok; 0'),
  ],
  ['500', 'refuse/B/500', ERROR],
  ['503 as HTML', 'refuse/HTML/503', ERROR],
  ['529 without a body', 'refuse/D/529', ERROR],
];

/** Bodies that are no reply, the same whether JSON or a stream was asked for. */
const SPOILED_BODIES: readonly (readonly [string, Fault, Cells])[] = [
  ['malformed JSON', 'body/malformed', MALFORMED],
  ['an empty body', 'body/empty', MALFORMED],
  ['HTML as a success', 'body/html', MALFORMED],
];

const WHOLE: readonly (readonly [string, Fault, readonly [string, string]])[] = [
  ['a stream where JSON was asked', 'body/sse', [MALFORMED[0], MALFORMED[1]]],
  ['more than max_response_bytes', 'body/huge', [MALFORMED[0], MALFORMED[1]]],
];

/** These come when content was sent already. */
const BROKEN = '200 +upstream_error: upstream_error; 1';
const SPOILED = '200 +upstream_malformed: upstream_malformed; 1';

const STREAMED: readonly (readonly [string, Fault, readonly [string, string]])[] = [
  ['malformed frames', 'stream/malformed', [SPOILED, SPOILED]],
  ['JSON where a stream was asked', 'stream/json', [MALFORMED[2], MALFORMED[3]]],
  ['an error of shape A', 'stream/error-a', [BROKEN, BROKEN]],
  ['an error of shape B', 'stream/error-b', [BROKEN, BROKEN]],
  ['an error of shape C', 'stream/error-c', [BROKEN, BROKEN]],
  ['an error of OpenAI', 'stream/error-openai', [BROKEN, BROKEN]],
  ['an end without finish_reason and [DONE]', 'stream/no-end', [BROKEN, BROKEN]],
  ['an end without [DONE]', 'stream/no-done', ['200: ok; 0', '200: ok; 0']],
  ['events after [DONE]', 'stream/after-done', ['200: ok; 0', '200: ok; 0']],
];

let good: AimlapiUpstream;
const opened: AimlapiUpstream[] = [];

beforeAll(async () => {
  good = await startAimlapiUpstream();
});
afterAll(async () => {
  await Promise.all([good, ...opened].map((upstream) => upstream.close()));
});

async function urlOf(fault: Fault | 'refused' | 'dns' | 'tls'): Promise<string> {
  if (fault === 'refused') return `http://127.0.0.1:${await closedPort()}/v1`;
  if (fault === 'dns') return 'https://no-such-host.invalid/v1';
  if (fault === 'tls') return good.url.replace('http:', 'https:');
  // Tokens that come one by one: what is released before a fault is not a matter of chance.
  const upstream = await startAimlapiUpstream({ fault, tokenDelayMs: 5 });
  opened.push(upstream);
  return upstream.url;
}

/** A port that nobody listens on. */
function closedPort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}

/** One cell, as it was seen. */
async function seen(url: string, stream: boolean, hasFallback: boolean): Promise<string> {
  const second = hasFallback ? `, {id: t2, provider: aimlapi, model: m, base_url: "${good.url}"}` : '';
  const config = aConfig(`${ENTITY_FREE_CHAIN}
providers:
  retry: {max_retries: 0}
  fallback: {first_token_timeout_seconds: 1}
  targets: [{id: t1, provider: aimlapi, model: m, timeout_seconds: 2, base_url: "${url}"}${second}]
`);
  let failures = 0;
  const circuits = createMemoryCircuitStore({
    targets: config.targets,
    settings: config.circuitBreaker,
    now: Date.now,
  });
  const counting = {
    ...circuits,
    report: (...report: Parameters<typeof circuits.report>) => {
      if (isBreakerFailure(report[1])) failures += 1;
      circuits.report(...report);
    },
  };
  const gateway = aGateway(config, { circuits: counting });
  const body = { model: 'm', stream, messages: [{ role: 'user', content: 'one two three four five six' }] };
  const reply = await gateway.post('/v1/chat/completions', body);
  await gateway.close();
  expect(gateway.events).toHaveLength(1);
  const { attempts = [] } = gateway.events[0] ?? {};
  expect(reply.text.includes('[DONE]')).toBe(
    stream && reply.status === 200 && !reply.text.includes('"error"'),
  );
  const code = /"code":"(\w+)"/.exec(reply.text)?.[1] ?? '';
  const error = code === '' ? '' : ` ${reply.status === 200 ? '+' : ''}${code}`;
  const retry =
    reply.headers['retry-after'] === undefined ? '' : ` retry-after ${reply.headers['retry-after']}`;
  return `${reply.status}${error}${retry}: ${attempts.map((attempt) => attempt.error ?? 'ok').join(', ')}; ${failures}`;
}

describe.concurrent('the fault matrix', () => {
  it.each([...MATRIX, ...SPOILED_BODIES])('%s', async (_, fault, expected) => {
    const url = await urlOf(fault);
    const cells = [
      seen(url, false, false),
      seen(url, false, true),
      seen(url, true, false),
      seen(url, true, true),
    ];
    expect(await Promise.all(cells)).toEqual(expected);
  });

  it.each(WHOLE)('%s', async (_, fault, expected) => {
    const url = await urlOf(fault);
    expect(await Promise.all([seen(url, false, false), seen(url, false, true)])).toEqual(expected);
  });

  it.each(STREAMED)('%s', async (_, fault, expected) => {
    const url = await urlOf(fault);
    expect(await Promise.all([seen(url, true, false), seen(url, true, true)])).toEqual(expected);
  });
});
