/** Spoils the frames of a stream, or a whole body, in a named way. Pure: what is sent is decided before it is sent. */
import { DONE_FRAME, frame } from './frames.ts';
import { refusalObject } from './refusal.ts';
import type { BodyFault, Moment, StreamFault } from './fault.ts';

export type Bytes = string | Uint8Array;

const TEN_MEGABYTES = 10 * 1024 * 1024;

/** How many of the frames go out before something happens. */
export const framesBefore = (at: Moment, count: number): number =>
  at === 'headers' ? 0 : at === 'first-token' ? Math.min(1, count) : Math.max(1, Math.floor(count / 2));

interface Place {
  readonly path: string;
  readonly requestId: string;
}

/** What stands where half of the frames have gone out, and whether the other half follows. */
const MIDWAY: Readonly<Partial<Record<StreamFault, (place: Place) => Bytes>>> = {
  malformed: () => 'data: {"id":"chatcmpl-broken","choices":[{"index":0,"delta":{"content":"unfin\n\n',
  utf8: () => contentWith(INVALID),
  'long-line': () => contentWith('a'.repeat(TEN_MEGABYTES)),
};

const ENDING: Readonly<Partial<Record<StreamFault, (place: Place) => Bytes>>> = {
  'error-a': (place) => frame(refusalObject('A', 500, 'server', place)),
  'error-b': (place) => frame(refusalObject('B', 500, 'server', place)),
  'error-c': (place) => frame(refusalObject('C', 500, 'server', place)),
  'error-openai': () => frame({ error: { message: 'Provider returned error', type: null, code: 502 } }),
};

/** The frames as the fault leaves them, [DONE] included where it is still sent. */
export function spoilFrames(how: StreamFault, frames: readonly string[], place: Place): readonly Bytes[] {
  const half = framesBefore('midway', frames.length);
  const [before, after] = [frames.slice(0, half), frames.slice(half)];
  if (how === 'no-done') return frames;
  if (how === 'after-done') return [...frames, DONE_FRAME, contentWith(' after the end')];
  const strange = MIDWAY[how]?.(place);
  if (strange !== undefined) return [...before, strange, ...after, DONE_FRAME];
  const end = ENDING[how]?.(place);
  return end === undefined ? before : [...before, end];
}

/** A chat chunk whose content is these bytes, escaped or valid or not. */
function contentWith(content: Bytes): Buffer {
  const head =
    'data: {"id":"chatcmpl-odd","object":"chat.completion.chunk","created":1,"model":"odd","choices":[{"index":0,"delta":{"content":"';
  const tail = '"},"finish_reason":null}]}\n\n';
  return Buffer.concat([Buffer.from(head), Buffer.from(content), Buffer.from(tail)]);
}

export interface SpoiltBody {
  readonly type: string;
  readonly body: Bytes;
}

const JSON_TYPE = 'application/json; charset=utf-8';
const INVALID = Buffer.from([0xc3, 0x28, 0xff, 0xfe]);

const BODIES: Readonly<Record<BodyFault, (body: string, frames: readonly string[]) => SpoiltBody>> = {
  malformed: (body) => ({ type: JSON_TYPE, body: body.slice(0, Math.floor(body.length / 2)) }),
  empty: () => ({ type: JSON_TYPE, body: '' }),
  html: () => ({ type: 'text/html', body: '<html><body><h1>Welcome to nginx!</h1></body></html>' }),
  utf8: (body) => ({
    type: JSON_TYPE,
    body: Buffer.concat([Buffer.from(`${body.slice(0, -1)},"odd":"`), INVALID, Buffer.from('"}')]),
  }),
  sse: (_body, frames) => ({ type: 'text/event-stream', body: [...frames, DONE_FRAME].join('') }),
  huge: (body) => ({
    type: JSON_TYPE,
    body: `${body.slice(0, -1)},"filler":"${'a'.repeat(2 * TEN_MEGABYTES)}"}`,
  }),
};

/** The whole body as the fault leaves it, with its content type. */
export const spoilBody = (how: BodyFault, body: string, frames: readonly string[]): SpoiltBody =>
  BODIES[how](body, frames);
