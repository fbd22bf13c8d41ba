/** The ways in which the embedded upstream can go wrong, written as short paths such as `hang/midway`. */
import { isTopic, type Shape, type Topic } from './refusal.ts';

/** Before the status line, after the first frame, or after half of the frames. */
export type Moment = 'headers' | 'first-token' | 'midway';

/** A whole body, JSON or not, that is not what the status promises. */
export type BodyFault = 'malformed' | 'empty' | 'html' | 'utf8' | 'sse' | 'huge';

/** A stream that is not what it should be, though the connection holds. */
export type StreamFault =
  | 'malformed'
  | 'utf8'
  | 'long-line'
  | 'error-a'
  | 'error-b'
  | 'error-c'
  | 'error-openai'
  | 'no-done'
  | 'no-end'
  | 'after-done'
  | 'json';

/**
 * One fault. Accepted as an option, as the answer's `fault`, as a model name `fault/hang/midway`, and as a path
 * before the API's: `/fault/hang/midway/v1/chat/completions`.
 */
export type Fault =
  | `refuse/${Shape}/${number}`
  | `refuse/${Shape}/${number}/${Topic}`
  | 'rate-limit'
  | `rate-limit/${string}`
  | `hang/${Moment}`
  | `cut/${Moment}`
  | `reset/${Moment}`
  | `body/${BodyFault}`
  | `stream/${StreamFault}`;

/** A fault, read. */
export type FaultPlan =
  | {
      readonly kind: 'refuse';
      readonly shape: Shape;
      readonly status: number;
      readonly topic: Topic;
      readonly retryAfter?: string;
    }
  | { readonly kind: 'hang' | 'cut' | 'reset'; readonly at: Moment }
  | { readonly kind: 'body'; readonly how: BodyFault }
  | { readonly kind: 'stream'; readonly how: StreamFault };

const SHAPES: readonly Shape[] = ['A', 'B', 'C', 'D', 'HTML'];
const MOMENTS: readonly Moment[] = ['headers', 'first-token', 'midway'];
const BODIES: readonly BodyFault[] = ['malformed', 'empty', 'html', 'utf8', 'sse', 'huge'];
const STREAMS: readonly StreamFault[] = [
  'malformed',
  'utf8',
  'long-line',
  'error-a',
  'error-b',
  'error-c',
  'error-openai',
  'no-done',
  'no-end',
  'after-done',
  'json',
];

/** Reads a fault; undefined when there is no such fault. */
export function readFault(fault: string): FaultPlan | undefined {
  const [kind, detail = '', status = '', topic = ''] = fault.split('/');
  if (kind === 'rate-limit') {
    const retryAfter = detail === '' ? {} : { retryAfter: detail };
    return { kind: 'refuse', shape: 'B', status: 429, topic: 'rate', ...retryAfter };
  }
  if (kind === 'refuse') return readRefusal(detail, Number(status), topic);
  if (kind === 'hang' || kind === 'cut' || kind === 'reset') {
    const at = MOMENTS.find((moment) => moment === detail);
    return at === undefined ? undefined : { kind, at };
  }
  if (kind === 'body') return plan(kind, BODIES, detail);
  return kind === 'stream' ? plan(kind, STREAMS, detail) : undefined;
}

function plan<K extends string, H extends string>(
  kind: K,
  all: readonly H[],
  detail: string,
): { kind: K; how: H } | undefined {
  const how = all.find((known) => known === detail);
  return how === undefined ? undefined : { kind, how };
}

function readRefusal(shapeName: string, status: number, topicName: string): FaultPlan | undefined {
  const shape = SHAPES.find((known) => known === shapeName);
  if (shape === undefined || !Number.isInteger(status) || status < 400 || status > 599) return undefined;
  const topic = topicName === '' ? topicOf(status) : topicName;
  return isTopic(topic) ? { kind: 'refuse', shape, status, topic } : undefined;
}

const TOPIC_BY_STATUS: Readonly<Record<number, Topic>> = {
  400: 'validation',
  401: 'key',
  403: 'funds',
  404: 'route',
  429: 'rate',
};

const topicOf = (status: number): Topic => TOPIC_BY_STATUS[status] ?? 'server';
