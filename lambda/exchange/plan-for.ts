/** Asks routing which targets to try for a request, and says to the caller why there is none. */
import type { GatewayConfig, SecretRef } from '../config/gateway-config.ts';
import { problem, ProblemError } from '../http/problem.ts';
import { planTargets } from '../routing/choose.ts';
import { estimatePromptTokens } from '../routing/estimate-tokens.ts';
import type { NoTarget, PlannedTarget, PlanRequest } from '../routing/plan.ts';
import { unsupportedReason } from '../upstream/target-request.ts';
import { asNumber, asString } from '../wire/json-value.ts';
import type { Exchange } from './exchange.ts';
import type { Runtime } from './runtime.ts';

/** At least one target, in order. Throws ProblemError otherwise. */
export async function planFor(exchange: Exchange): Promise<readonly PlannedTarget[]> {
  const { runtime, record } = exchange;
  const { config, services, statistics } = runtime;
  const plan = planTargets({
    config,
    request: planRequest(exchange),
    circuits: services.circuits.views(),
    statistics,
    now: services.now(),
    random: services.random,
    unavailable: await targetsWithoutSecret(runtime),
  });
  if (plan.variant !== undefined) record.variant = plan.variant;
  if (plan.kind === 'none') throw new ProblemError(noTargetProblem(config, plan.why, services.now()));
  const { model } = exchange.body.data;
  const served = plan.targets.map((planned) => {
    const asked = planned.target.model ?? (typeof model === 'string' ? model : '');
    const reason = unsupportedReason(record.format.route, planned.target.provider, asked, exchange.body.data);
    return { planned, reason };
  });
  const able = served.filter(({ reason }) => reason === undefined).map(({ planned }) => planned);
  if (able.length > 0) return able;
  throw new ProblemError(
    problem('unsupported_by_provider', served[0]?.reason ?? 'no target serves this route'),
  );
}

function planRequest(exchange: Exchange): PlanRequest {
  const { body, record } = exchange;
  const { data } = body;
  const maxTokens =
    asNumber(data['max_completion_tokens']) ??
    asNumber(data['max_output_tokens']) ??
    asNumber(data['max_tokens']);
  let tokens: number | undefined;
  return {
    model: record.requestedModel ?? undefined,
    stickyValue: stickyValue(exchange),
    get promptTokens() {
      tokens ??= estimatePromptTokens(record.format.requestTexts(data, body.text).map(({ text }) => text));
      return tokens;
    },
    maxTokens,
  };
}

/** What keeps a caller in one variant of an A/B test. */
function stickyValue({ runtime, record, body }: Exchange): string | undefined {
  const { requestId, userId, conversationId } = record.caller;
  switch (runtime.config.abTest?.stickyBy) {
    case 'user_id':
      return userId ?? asString(body.data['user']);
    case 'conversation_id':
      return conversationId;
    case 'request_id':
      return requestId;
    case undefined:
      return undefined;
  }
}

/** Ids of the targets whose upstream key is not there. */
export async function targetsWithoutSecret({ config, services }: Runtime): Promise<ReadonlySet<string>> {
  const without = new Set<string>();
  for (const { id, secret } of config.targets) {
    const value = services.secrets.get(secret);
    if ((value instanceof Promise ? await value : value) === undefined) without.add(id);
  }
  return without;
}

function noTargetProblem(config: GatewayConfig, why: NoTarget, now: number) {
  if (why.kind === 'context_too_large') {
    return problem(
      'context_length_exceeded',
      `the request needs about ${why.asked} tokens, answer included; the largest target takes ${why.largest} (max_context_tokens)`,
    );
  }
  if (why.kind === 'all_unavailable') {
    const names = [...new Set(config.targets.map(({ secret }) => nameOf(secret)))].join(', ');
    return problem('no_target_available', `no target has its upstream key; set ${names}`, {
      retryAfterMs: 30_000,
    });
  }
  const reason = why.kind === 'all_open' ? 'every circuit is open' : 'every target rests after a 429';
  return problem('no_target_available', `no target can be called now: ${reason}`, {
    retryAfterMs: Math.max(1000, why.retryAt - now),
  });
}

function nameOf(secret: SecretRef): string {
  return 'env' in secret
    ? `the environment variable ${secret.env}`
    : `the key ${secret.store} of the stack's secret`;
}
