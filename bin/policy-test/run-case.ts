/** Runs one case through the gateway as it is, with a scripted upstream and evidence kept in memory. */
import type { DecisionEvent } from '../../lambda/audit/decision-event.ts';
import type { GatewayConfig, PolicyKind } from '../../lambda/config/gateway-config.ts';
import type { SuiteCase } from '../../lambda/config/suites.ts';
import { createGateway } from '../../lambda/gateway.ts';
import type { GatewayReply, GatewayRequest } from '../../lambda/http/gateway-request.ts';
import { digestsUnder } from '../../lambda/audit/digest.ts';
import type { Services } from '../../lambda/services.ts';
import { createMemoryCircuitStore } from '../../lambda/state/memory-circuit-store.ts';
import type { CallUpstream } from '../../lambda/upstream/upstream-call.ts';
import { collectTexts } from './collect-texts.ts';
import { scriptedCall } from './scripted-call.ts';

/** What came of a case. */
export interface CaseResult {
  readonly verdict: string;
  readonly reasonCode: string;
  /** What is not as expected, one line for each; empty when the case passed. */
  readonly differences: readonly string[];
}

/** @param target The one kind to run; absent means the whole chain. */
export async function runCase(
  config: GatewayConfig,
  { input, expected }: SuiteCase,
  target?: PolicyKind,
): Promise<CaseResult> {
  const upstream = scriptedCall(input.upstreamResponse);
  const events: DecisionEvent[] = [];
  const tested = configFor(config, target);
  const gateway = createGateway(tested, testServices(tested, upstream.call, events));
  const reply = await gateway.handle(requestFor(tested, input));
  const body = await bodyOf(reply);
  const event = events[0];
  if (event === undefined)
    return { verdict: 'error', reasonCode: '', differences: ['no decision event was left'] };
  const texts = [...upstream.sent, body].flatMap(collectTexts);
  const seen = { verdict: event.verdict, reasonCode: event.reason_code };
  return { ...seen, differences: [...compareVerdict(expected, seen), ...compareTexts(expected, texts)] };
}

/** Switched on, and with no more policies than the case is about. */
function configFor(config: GatewayConfig, target: PolicyKind | undefined): GatewayConfig {
  const chain = target === undefined ? config.chain : config.chain.filter(({ kind }) => kind === target);
  return { ...config, chain, pack: { ...config.pack, enabled: true } };
}

function requestFor(
  config: GatewayConfig,
  { messages, headers, request }: SuiteCase['input'],
): GatewayRequest {
  const body = { model: config.targets[0]?.model ?? 'test', messages, ...request };
  return {
    method: 'POST',
    url: '/v1/chat/completions',
    headers: { 'content-type': 'application/json', ...headers },
    body: once(Buffer.from(JSON.stringify(body))),
    signal: new AbortController().signal,
  };
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield bytes;
}

async function bodyOf({ body }: GatewayReply): Promise<string> {
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return Buffer.from(body).toString();
  let text = '';
  for await (const part of body) text += typeof part === 'string' ? part : Buffer.from(part).toString();
  return text;
}

function testServices(config: GatewayConfig, callUpstream: CallUpstream, events: DecisionEvent[]): Services {
  const { targets, circuitBreaker: settings } = config;
  return {
    now: Date.now,
    elapsed: () => performance.now(),
    random: Math.random,
    secrets: { get: () => 'test', forget: () => {} },
    callUpstream,
    circuits: createMemoryCircuitStore({ targets, settings, now: Date.now }),
    audit: {
      append: (event) => {
        events.push(event);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    },
    log: () => {},
    identity: { gatewayId: 'policy-test', environment: 'test', failMode: 'block' },
    createDigest: digestsUnder('policy-test'),
  };
}

type Expected = SuiteCase['expected'];

function compareVerdict(expected: Expected, seen: Omit<CaseResult, 'differences'>): readonly string[] {
  const { verdict, reasonCode = seen.reasonCode } = expected;
  return [
    ...(verdict === seen.verdict
      ? []
      : [`verdict is ${seen.verdict} (${seen.reasonCode}), expected ${verdict}`]),
    ...(reasonCode === seen.reasonCode ? [] : [`reason_code is ${seen.reasonCode}, expected ${reasonCode}`]),
  ];
}

/** Both directions count: what went upstream, and what the caller got. */
function compareTexts({ contains, notContains }: Expected, texts: readonly string[]): readonly string[] {
  const isThere = (part: string): boolean => texts.some((text) => text.includes(part));
  return [
    ...contains
      .filter((part) => !isThere(part))
      .map((part) => `${JSON.stringify(part)} is neither in what went upstream nor in the answer`),
    ...notContains.filter(isThere).map((part) => `${JSON.stringify(part)} was let through`),
  ];
}
