/** Answers a request that was accepted: asks the script, encodes what it says, writes it with its fault. */
import { scriptedAnswer, type Answer, type Ask, type RawAnswer } from './answer.ts';
import { answerHeaders, factsOf } from './exchange.ts';
import { readFault, type FaultPlan } from './fault.ts';
import { bodyOf, DONE_FRAME, framesOf } from './frames.ts';
import { playBody, playParts, type BreakOff, type Pace } from './play.ts';
import { framesBefore, spoilBody, spoilFrames, type Bytes } from './stream-fault.ts';
import type { ServerResponse } from 'node:http';
import type { AimlapiUpstreamOptions } from './upstream-options.ts';

interface Place {
  readonly path: string;
  readonly requestId: string;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const SSE_TYPE = 'text/event-stream; charset=utf-8';

/** Writes the answer; settles when everything is written or the reader is gone. */
export async function answerAsk(
  ask: Ask,
  named: FaultPlan | undefined,
  response: ServerResponse,
  options: AimlapiUpstreamOptions,
  place: Place,
): Promise<void> {
  const said = (await options.reply?.(ask)) ?? scriptedAnswer(ask);
  if ('raw' in said) return playRaw(said, response, options);
  const own = said.fault === undefined ? undefined : readFault(said.fault);
  return playAnswer(ask, said, own ?? named, response, options, place);
}

async function playRaw(
  answer: RawAnswer,
  response: ServerResponse,
  options: AimlapiUpstreamOptions,
): Promise<void> {
  response.writeHead(answer.status ?? options.status ?? 200, answer.headers ?? {});
  const { raw } = answer;
  const whole = typeof raw === 'string' || raw instanceof Uint8Array;
  await playParts(response, whole ? [raw] : raw, { tokenDelayMs: options.tokenDelayMs });
}

async function playAnswer(
  ask: Ask,
  answer: Answer,
  plan: FaultPlan | undefined,
  response: ServerResponse,
  options: AimlapiUpstreamOptions,
  place: Place,
): Promise<void> {
  const streams = ask.stream && plan?.kind !== 'body' && !(plan?.kind === 'stream' && plan.how === 'json');
  const { facts, body, frames } = encode(ask, answer, streams, options, place);
  response.statusCode = options.status ?? 200;
  for (const [name, value] of Object.entries(answerHeaders(facts, streams))) response.setHeader(name, value);
  const echoed = ask.headers['x-client-request-id'];
  if (echoed !== undefined && CLIENT_ID.test(echoed)) response.setHeader('x-client-request-id', echoed);
  const breakOff = (parts: number): BreakOff | undefined =>
    plan?.kind === 'hang' || plan?.kind === 'cut' || plan?.kind === 'reset'
      ? { how: plan.kind, after: framesBefore(plan.at, parts) }
      : undefined;
  if (plan?.kind === 'body') {
    const spoilt = spoilBody(plan.how, bodyOf(ask, answer, facts), framesOf(ask, answer, facts));
    response.setHeader('content-type', spoilt.type);
    return playBody(response, spoilt.body);
  }
  if (!streams) {
    response.setHeader('content-type', JSON_TYPE);
    return playBody(response, body, breakOff(2));
  }
  response.setHeader('content-type', SSE_TYPE);
  response.setHeader('cache-control', 'no-cache');
  const parts = plan?.kind === 'stream' ? spoilFrames(plan.how, framesOf(ask, answer, facts), place) : frames;
  const pace: Pace = { tokenDelayMs: options.tokenDelayMs, beforeFrame: answer.beforeFrame };
  return playParts(response, parts, pace, breakOff(parts.length));
}

/** AIML API echoes a client's request id only when it looks like this. */
const CLIENT_ID = /^[A-Za-z0-9._:-]{1,128}$/u;

interface Encoded {
  readonly facts: ReturnType<typeof factsOf>;
  readonly body: Bytes;
  readonly frames: readonly Bytes[];
}

const prebuilt = new Map<string, Encoded>();

function encode(
  ask: Ask,
  answer: Answer,
  streams: boolean,
  options: AimlapiUpstreamOptions,
  place: Place,
): Encoded {
  const key =
    options.prebuilt === true ? `${ask.route} ${ask.model} ${streams} ${JSON.stringify(answer)}` : '';
  const known = prebuilt.get(key);
  if (known !== undefined) return known;
  const facts = factsOf(ask, answer, place.requestId);
  const done = ask.route === 'chat' && options.done !== false ? [DONE_FRAME] : [];
  const encoded: Encoded = {
    facts,
    body: streams ? '' : Buffer.from(bodyOf(ask, answer, facts)),
    frames: streams ? [...framesOf(ask, answer, facts), ...done].map((text) => Buffer.from(text)) : [],
  };
  if (key !== '') prebuilt.set(key, encoded);
  return encoded;
}
