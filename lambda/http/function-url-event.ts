/** Reads a Lambda Function URL event (payload format 2.0) as the gateway wants its requests. */
import type { GatewayRequest } from './gateway-request.ts';

/** The parts that are read; AWS's page "Invoking Lambda function URLs" has the rest. */
export interface FunctionUrlEvent {
  readonly rawPath: string;
  readonly rawQueryString?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly isBase64Encoded?: boolean;
  readonly requestContext: { readonly http: { readonly method: string; readonly sourceIp?: string } };
}

/** Whether Lambda was called through the Function URL and not by other means. */
export function isFunctionUrlEvent(event: unknown): event is FunctionUrlEvent {
  return (
    hasObject(event, 'requestContext') &&
    hasObject(event.requestContext, 'http') &&
    'method' in event.requestContext.http &&
    typeof event.requestContext.http.method === 'string' &&
    'rawPath' in event &&
    typeof event.rawPath === 'string'
  );
}

/** @param deadline Milliseconds since the epoch. */
export function toGatewayRequest(
  event: FunctionUrlEvent,
  signal: AbortSignal,
  deadline: number,
): GatewayRequest {
  const { method, sourceIp } = event.requestContext.http;
  const query = event.rawQueryString ?? '';
  return {
    method,
    url: query === '' ? event.rawPath : `${event.rawPath}?${query}`,
    headers: readHeaders(event.headers ?? {}),
    body: readBody(event),
    signal,
    deadline,
    ...(sourceIp !== undefined && { remoteAddress: sourceIp }),
  };
}

/** Without a prototype, as in the local front; cookies never enter the gateway. */
function readHeaders(sent: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const headers: Record<string, string> = {};
  Object.setPrototypeOf(headers, null);
  for (const [name, value] of Object.entries(sent)) {
    if (name.toLowerCase() !== 'cookie') headers[name.toLowerCase()] = value;
  }
  return headers;
}

async function* readBody({ body, isBase64Encoded }: FunctionUrlEvent): AsyncGenerator<Uint8Array, void> {
  if (body === undefined || body === '') return;
  yield Buffer.from(body, isBase64Encoded === true ? 'base64' : 'utf8');
  await Promise.resolve();
}

function hasObject<K extends string>(value: unknown, key: K): value is Record<K, object> {
  if (typeof value !== 'object' || value === null || !(key in value)) return false;
  const inner: unknown = Reflect.get(value, key);
  return typeof inner === 'object' && inner !== null;
}
