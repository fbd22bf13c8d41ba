/** What AIML API, or any OpenAI-compatible upstream, says about its reply beside the reply: ids, vendor, tokens, cost. */
import { asNumber, asObject, asString, type JsonObject } from '../wire/json-value.ts';

/** Everything that could be learnt; what upstream did not say is absent. */
export interface ReplyFacts {
  /** The model that answered; often not the name that was asked for. */
  readonly model?: string;
  /** Who served it behind the provider. */
  readonly vendor?: string;
  readonly requestId?: string;
  /** The key into AIML API's logs and ledger. */
  readonly inferenceId?: string;
  /** By the provider's own word. */
  readonly costUsd?: number;
  readonly usage?: TokenUsage;
}

export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of the input tokens. */
  readonly cachedTokens: number;
  /** Part of the output tokens; with some models beside them, which shows in the total alone. */
  readonly reasoningTokens: number;
  readonly totalTokens: number;
}

/** AIML API's unit of account. Source: its documentation, 2026-08. */
const CREDITS_PER_USD = 2_000_000;

/** What the headers say; by lower-case name. */
export function replyFactsOfHeaders(headers: Readonly<Record<string, string>>): ReplyFacts {
  const usd = amount(headers['x-aimlapi-usd-spent']);
  const credits = amount(headers['x-aimlapi-credits-used']);
  return withoutUnknown({
    model: headers['x-aimlapi-model'],
    vendor: headers['x-aimlapi-provider'],
    requestId: headers['x-request-id'],
    inferenceId: headers['x-inference-id'],
    costUsd: usd ?? (credits === undefined ? undefined : credits / CREDITS_PER_USD),
    usage: undefined,
  });
}

/**
 * What a whole reply or one frame of a stream says, in any format: the envelopes of Responses
 * (`response.completed`) and of Messages (`message_start`) are looked into.
 */
export function replyFactsOfBody(body: JsonObject): ReplyFacts {
  const inner = asObject(body['response']) ?? asObject(body['message']);
  if (inner !== undefined) return mergeFacts(replyFactsOfBody(inner), plainFacts(body));
  return plainFacts(body);
}

/** What a stream's relay kept of the frames it passed. */
export interface StreamFacts {
  readonly model?: string;
  /** The last of each. */
  readonly usage?: JsonObject;
  readonly meta?: JsonObject;
  /** The frame that completed the reply. */
  readonly last?: JsonObject;
}

/** The same of a whole stream. */
export function replyFactsOfStream({ model, usage, meta, last }: StreamFacts): ReplyFacts {
  const kept: JsonObject = {
    ...(model !== undefined && { model }),
    ...(usage !== undefined && { usage }),
    ...(meta !== undefined && { meta }),
  };
  return mergeFacts(last === undefined ? {} : replyFactsOfBody(last), replyFactsOfBody(kept));
}

/** Both together; the later word wins, and of token counts, which only grow, the larger. */
export function mergeFacts(earlier: ReplyFacts, later: ReplyFacts): ReplyFacts {
  const usage = mergeUsage(earlier.usage, later.usage);
  return { ...earlier, ...later, ...(usage === undefined ? {} : { usage }) };
}

function plainFacts(body: JsonObject): ReplyFacts {
  const meta = asObject(body['meta']);
  const usage = asObject(body['usage']);
  return withoutUnknown({
    model: asString(meta?.['model']) ?? asString(body['model']),
    vendor: asString(meta?.['provider']) ?? asString(body['provider']),
    requestId: undefined,
    inferenceId: undefined,
    costUsd: costOf(asObject(meta?.['usage']), usage),
    usage: usage === undefined ? undefined : usageOf(usage),
  });
}

function costOf(spent: JsonObject | undefined, usage: JsonObject | undefined): number | undefined {
  const usd = amount(spent?.['usd_spent']);
  if (usd !== undefined) return usd;
  const credits = amount(spent?.['credits_used']);
  return credits === undefined ? amount(usage?.['cost']) : credits / CREDITS_PER_USD;
}

/** OpenAI's two spellings and Anthropic's, whose input_tokens leave out what came from or went into the cache. */
function usageOf(usage: JsonObject): TokenUsage | undefined {
  const details = asObject(usage['prompt_tokens_details']) ?? asObject(usage['input_tokens_details']);
  const outputDetails =
    asObject(usage['completion_tokens_details']) ?? asObject(usage['output_tokens_details']);
  const cacheRead = count(usage['cache_read_input_tokens']);
  const cacheWritten = count(usage['cache_creation_input_tokens']);
  const input = asNumber(usage['prompt_tokens']) ?? asNumber(usage['input_tokens']);
  const output = asNumber(usage['completion_tokens']) ?? asNumber(usage['output_tokens']);
  if (input === undefined && output === undefined) return undefined;
  const inputTokens = count(input) + cacheRead + cacheWritten;
  const outputTokens = count(output);
  const cachedTokens =
    count(details?.['cached_tokens']) + count(usage['prompt_cache_hit_tokens']) + cacheRead;
  return {
    inputTokens,
    outputTokens,
    cachedTokens: Math.min(cachedTokens, inputTokens),
    reasoningTokens: count(outputDetails?.['reasoning_tokens']),
    totalTokens: Math.max(count(usage['total_tokens']), inputTokens + outputTokens),
  };
}

function mergeUsage(earlier: TokenUsage | undefined, later: TokenUsage | undefined): TokenUsage | undefined {
  if (earlier === undefined || later === undefined) return later ?? earlier;
  const inputTokens = Math.max(earlier.inputTokens, later.inputTokens);
  const outputTokens = Math.max(earlier.outputTokens, later.outputTokens);
  return {
    inputTokens,
    outputTokens,
    cachedTokens: Math.max(earlier.cachedTokens, later.cachedTokens),
    reasoningTokens: Math.max(earlier.reasoningTokens, later.reasoningTokens),
    totalTokens: Math.max(earlier.totalTokens, later.totalTokens, inputTokens + outputTokens),
  };
}

/** A count of tokens; whatever is none counts as zero. */
const count = (value: unknown): number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;

/** A sum of money, as a number or as a header's text; undefined when it is neither or below zero. */
function amount(value: unknown): number | undefined {
  const sum = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof sum === 'number' && Number.isFinite(sum) && sum >= 0 ? sum : undefined;
}

/** Drops what is undefined or an empty text, so that facts can be merged by spreading. */
function withoutUnknown(facts: {
  readonly [K in keyof Required<ReplyFacts>]: ReplyFacts[K] | undefined;
}): ReplyFacts {
  return {
    ...(facts.model && { model: facts.model }),
    ...(facts.vendor && { vendor: facts.vendor }),
    ...(facts.requestId && { requestId: facts.requestId }),
    ...(facts.inferenceId && { inferenceId: facts.inferenceId }),
    ...(facts.costUsd !== undefined && { costUsd: facts.costUsd }),
    ...(facts.usage !== undefined && { usage: facts.usage }),
  };
}
