/** Serves one request of the embedded upstream: reads it, records it, refuses it or has it answered. */
import { answerAsk } from './answer-ask.ts';
import { objectionTo, readAsk, routeOf } from './ask.ts';
import { modelList } from './catalogue.ts';
import { readFault, type FaultPlan } from './fault.ts';
import { parseObject } from './json.ts';
import { breakConnection } from './play.ts';
import { refusal, type Topic } from './refusal.ts';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AimlapiUpstreamOptions, RecordedRequest } from './upstream-options.ts';

/** Settles when the exchange needs no more doing; a hanging one needs none. */
export async function serve(
  request: IncomingMessage,
  response: ServerResponse,
  options: AimlapiUpstreamOptions,
  requests: RecordedRequest[],
): Promise<void> {
  const bytes = await bytesOf(request);
  const body = bytes.toString();
  const { method = 'GET', url = '/' } = request;
  const headers = plainHeaders(request);
  if (options.record !== false) {
    requests.push({ method, path: url, headers, body, bytes, ended: endOf(response) });
  }
  const { path, fault } = splitFault(url);
  const place = { path, requestId: crypto.randomUUID() };
  const refuse = (status: number, topic: Topic): void => {
    const { headers: own, body: text } = refusal('B', status, topic, place);
    response.writeHead(status, { ...own, 'x-request-id': place.requestId }).end(text);
  };
  if (method === 'GET') return answerGet(path, headers, options, response, refuse);
  const route = method === 'POST' ? routeOf(path) : undefined;
  if (route === undefined) return refuse(404, 'route');
  const ask = readAsk(route, parseObject(body) ?? {}, headers);
  const named = fault ?? (ask.model.startsWith('fault/') ? ask.model.slice('fault/'.length) : options.fault);
  const plan = named === undefined ? undefined : readFault(named);
  if (named !== undefined && plan === undefined) return refuse(400, 'fault');
  if (plan !== undefined && (await isOver(plan, response, place))) return undefined;
  const keyTopic = keyObjection(headers, options);
  if (keyTopic !== undefined) return refuse(401, keyTopic);
  const objection = objectionTo(ask);
  if (objection !== undefined) return refuse(objection.status, objection.topic);
  return answerAsk(ask, plan, response, options, place);
}

async function bytesOf(request: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** Carries out a fault that needs no answer; false when the answer has to begin first. */
async function isOver(
  plan: FaultPlan,
  response: ServerResponse,
  place: { readonly path: string; readonly requestId: string },
): Promise<boolean> {
  if (plan.kind === 'refuse') {
    const { retryAfter } = plan;
    const more = retryAfter === undefined ? place : { ...place, retryAfter };
    const { status, headers, body } = refusal(plan.shape, plan.status, plan.topic, more);
    response.writeHead(status, { ...headers, 'x-request-id': place.requestId }).end(body);
    return true;
  }
  if (plan.kind === 'body' || plan.kind === 'stream' || plan.at !== 'headers') return false;
  await breakConnection(response, plan.kind);
  return true;
}

function answerGet(
  path: string,
  headers: Readonly<Record<string, string>>,
  options: AimlapiUpstreamOptions,
  response: ServerResponse,
  refuse: (status: number, topic: Topic) => void,
): void {
  const json = (value: object): void => {
    response.writeHead(200, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(value));
  };
  if (path === '/v1/models') return json(modelList());
  if (path !== '/v2/billing') return refuse(404, 'route');
  const topic = keyObjection(headers, options);
  return topic === undefined ? json({ current_balance: 12.5, currency: 'USD' }) : refuse(401, topic);
}

function keyObjection(
  headers: Readonly<Record<string, string>>,
  options: AimlapiUpstreamOptions,
): Topic | undefined {
  const key = /^Bearer\s+(.*)$/iu.exec(headers['authorization'] ?? '')?.[1]?.trim() ?? '';
  if (key === '') return 'no-key';
  return options.keys === undefined || options.keys.includes(key) ? undefined : 'key';
}

/** Takes a leading `/fault/<fault>` off the path, and the query. */
function splitFault(url: string): { path: string; fault?: string } {
  const path = url.split('?', 1)[0] ?? url;
  const found = /^\/fault\/(.+?)(\/v[12]\/.*)$/u.exec(path);
  return found === null ? { path } : { path: found[2] ?? path, fault: found[1] ?? '' };
}

const plainHeaders = (request: IncomingMessage): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  );

const endOf = (response: ServerResponse): Promise<'answered' | 'closed'> =>
  new Promise((resolve) => {
    response.once('close', () => resolve(response.writableFinished ? 'answered' : 'closed'));
  });
