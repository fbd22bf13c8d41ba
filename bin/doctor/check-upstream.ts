/** Whether the upstreams of a configuration can be reached, and what they say to the key; costs no credits. */
import type { GatewayConfig, Target } from '../../lambda/config/gateway-config.ts';
import { readLocalSecret, secretVariable, type Variables } from '../../lambda/config/local-environment.ts';
import {
  ConnectionFailure,
  type CallUpstream,
  type UpstreamReply,
} from '../../lambda/upstream/upstream-call.ts';
import { isObject, parseObject } from '../upstream/json.ts';
import { failed, ok, warning, type Check } from './check.ts';

export interface UpstreamCheckOptions {
  readonly variables: Variables;
  readonly call: CallUpstream;
  readonly timeoutMs: number;
}

/** One check for each address, one for each key of AIML API. */
export async function checkUpstreams(
  { targets }: GatewayConfig,
  options: UpstreamCheckOptions,
): Promise<readonly Check[]> {
  const addresses = distinct(targets, ({ baseUrl }) => baseUrl);
  const keys = distinct(
    targets.filter(
      ({ provider, secret }) =>
        provider === 'aimlapi' && readLocalSecret(secret, options.variables) !== undefined,
    ),
    ({ baseUrl, secret }) => `${new URL(baseUrl).origin} ${secretVariable(secret)}`,
  );
  return Promise.all([
    ...addresses.map((target) => checkAddress(target, options)),
    ...keys.map((target) => checkKey(target, options)),
  ]);
}

function distinct<T>(items: readonly T[], keyOf: (item: T) => string): readonly T[] {
  return [...new Map(items.map((item) => [keyOf(item), item])).values()];
}

async function checkAddress(target: Target, options: UpstreamCheckOptions): Promise<Check> {
  const name = `upstream ${target.baseUrl}`;
  const began = performance.now();
  const reply = await get(`${target.baseUrl}/models`, target, options);
  const latency = Math.round(performance.now() - began);
  if (typeof reply === 'string') return failed(name, `${reply}; check base_url, DNS, proxy and firewall`);
  const check =
    reply.status < 500
      ? ok(name, `answers ${reply.status} in ${latency} ms`)
      : warning(name, `answers ${reply.status} in ${latency} ms; it may be down`);
  return { ...check, latency_ms: latency };
}

/** AIML API tells the balance to an ordinary key; its model list would accept any key. */
async function checkKey(target: Target, options: UpstreamCheckOptions): Promise<Check> {
  const name = `key ${secretVariable(target.secret)}`;
  const reply = await get(`${new URL(target.baseUrl).origin}/v2/billing`, target, options);
  if (typeof reply === 'string') return warning(name, `not checked: ${reply}`);
  if (reply.status === 401 || reply.status === 403)
    return failed(name, `upstream refuses it (${reply.status}); put in a valid one`);
  if (reply.status !== 200) return warning(name, `not checked: the billing route answers ${reply.status}`);
  const balance = balanceOf(reply.text);
  if (balance === undefined) return ok(name, 'accepted');
  return balance > 0
    ? ok(name, `accepted, balance ${balance} USD`)
    : failed(name, 'accepted, but without funds; top the account up');
}

function balanceOf(text: string): number | undefined {
  const body = parseObject(text);
  const balance = isObject(body) ? Number(body['current_balance'] ?? Number.NaN) : Number.NaN;
  return Number.isFinite(balance) ? balance : undefined;
}

type Answer = Pick<UpstreamReply, 'status'> & { readonly text: string };

/** The answer, or in words why there is none. */
async function get(
  url: string,
  { secret }: Target,
  { variables, call, timeoutMs }: UpstreamCheckOptions,
): Promise<Answer | string> {
  const key = readLocalSecret(secret, variables);
  const headers = {
    accept: 'application/json',
    ...(key !== undefined && { authorization: `Bearer ${key}` }),
  };
  try {
    const { status, body } = await call({
      method: 'GET',
      url,
      headers,
      signal: AbortSignal.timeout(timeoutMs),
    });
    const parts: Uint8Array[] = [];
    for await (const part of body) parts.push(part);
    return { status, text: Buffer.concat(parts).toString() };
  } catch (error) {
    if (error instanceof ConnectionFailure) return `no connection (${error.code})`;
    return `no answer within ${timeoutMs} ms`;
  }
}
