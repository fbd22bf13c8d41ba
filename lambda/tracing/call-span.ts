/**
 * The client span of one call of a target, by OpenTelemetry's semantic conventions for generative AI
 * (open-telemetry/semantic-conventions-genai, "client AI spans", read 2026-11) and for HTTP clients.
 */
import type { ApiRoute } from '../wire/wire-format.ts';
import { known, type Attributes, type SpanData } from './span-data.ts';
import type { CallTrace, TracedRequest } from './tracing.ts';

/** The convention knows one name for every way to converse. */
const OPERATIONS: Readonly<Record<ApiRoute, string>> = {
  chat: 'chat',
  responses: 'chat',
  messages: 'chat',
  completions: 'text_completion',
  embeddings: 'embeddings',
};

/** Where the convention's name of a provider is not the configuration's. */
const PROVIDERS: Readonly<Record<string, string>> = {
  azure: 'azure.ai.openai',
  bedrock: 'aws.bedrock',
  google: 'gcp.gemini',
  gemini: 'gcp.gemini',
  mistral: 'mistral_ai',
  moonshot: 'moonshot_ai',
  xai: 'x_ai',
};

/** @param isLast The call that the request's answer came from, if one came. */
export function callSpan(request: TracedRequest, call: CallTrace, isLast: boolean): SpanData {
  const { trace, event, startedAt, started } = request;
  const atMs = (elapsed: number): number => startedAt + (elapsed - started);
  const operation = OPERATIONS[request.route];
  const model = call.target.model ?? event.requested_model;
  const hasAnswered = isLast && call.status !== null && call.status < 300;
  return {
    name: model === null ? operation : `${operation} ${model}`,
    kind: 'client',
    traceId: trace.traceId,
    spanId: call.spanId,
    parentSpanId: trace.spanId,
    hasRemoteParent: false,
    ...(trace.traceState !== undefined && { traceState: trace.traceState }),
    startMs: atMs(call.began),
    endMs: atMs(call.ended ?? request.ended),
    attributes: {
      ...known({
        'gen_ai.operation.name': operation,
        'gen_ai.provider.name': PROVIDERS[call.target.provider] ?? call.target.provider,
        'gen_ai.request.model': model,
        'gen_ai.request.stream': event.stream ? true : null,
        ...serverOf(call.target.baseUrl),
        'http.request.method': 'POST',
        'http.response.status_code': call.status,
        'error.type': call.error,
        'keeptrusts.target.id': call.target.id,
      }),
      ...(hasAnswered && answerAttributes(request, call)),
    },
    events: [],
    isError: call.error !== null,
  };
}

function serverOf(baseUrl: string) {
  const { hostname, port, protocol } = new URL(baseUrl);
  return {
    'server.address': hostname,
    'server.port': port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port),
  };
}

function answerAttributes({ event, route, started }: TracedRequest, call: CallTrace): Attributes {
  const firstMs = event.ttft_ms === null ? null : started + event.ttft_ms - call.began;
  return known({
    'gen_ai.response.model': event.model,
    'gen_ai.response.finish_reasons': event.finish_reason === null ? null : [event.finish_reason],
    'gen_ai.response.time_to_first_chunk': event.stream && firstMs !== null ? firstMs / 1000 : null,
    'gen_ai.usage.input_tokens': event.input_tokens,
    'gen_ai.usage.output_tokens': route === 'embeddings' ? null : event.output_tokens,
    'gen_ai.usage.cache_read.input_tokens': event.cached_tokens > 0 ? event.cached_tokens : null,
    'gen_ai.usage.reasoning.output_tokens': event.reasoning_tokens > 0 ? event.reasoning_tokens : null,
    'keeptrusts.usage.estimated': event.usage_estimated ? true : null,
    'keeptrusts.cost.usd': event.cost_source === 'none' ? null : event.cost_usd,
    'keeptrusts.cost.source': event.cost_source,
    'keeptrusts.upstream.request_id': event.upstream_request_id,
    'keeptrusts.upstream.inference_id': event.upstream_inference_id,
    'keeptrusts.upstream.vendor': event.vendor,
  });
}
