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

/** What stands where half of the frames have gone out; the other half follows. */
const MIDWAY: Readonly<Partial<Record<StreamFault, (place: Place) => Bytes>>> = {
  malformed: () => 'data: {"id":"chatcmpl-broken","choices":[{"index":0,"delta":{"content":"unfin\n\n',
  utf8: (place) => frameWith(INVALID, place),
  'long-line': (place) => frameWith('a'.repeat(TEN_MEGABYTES), place),
};

/** What stands there instead of the other half. */
const ENDING: Readonly<Partial<Record<StreamFault, (place: Place) => Bytes>>> = {
  'error-a': (place) => frame(refusalObject('A', 500, 'server', place)),
  'error-b': (place) => frame(refusalObject('B', 500, 'server', place)),
  'error-c': (place) => frame(refusalObject('C', 500, 'server', place)),
  'error-openai': () => frame({ error: { message: 'Provider returned error', type: null, code: 502 } }),
};

/** The frames as the fault leaves them, [DONE] included where the format has it and it is still sent. */
export function spoilFrames(how: StreamFault, frames: readonly string[], place: Place): readonly Bytes[] {
  const half = framesBefore('midway', frames.length);
  const [before, after] = [frames.slice(0, half), frames.slice(half)];
  const done = place.path.endsWith('/chat/completions') ? [DONE_FRAME] : [];
  if (how === 'no-done') return frames;
  if (how === 'after-done') return [...frames, ...done, frameWith(' after the end', place)];
  const strange = MIDWAY[how]?.(place);
  if (strange !== undefined) return [...before, strange, ...after, ...done];
  const end = ENDING[how]?.(place);
  return end === undefined ? before : [...before, end];
}

const HOLE = '\u0000';

/** A frame of each format with a hole for its text. */
const TEXT_FRAMES: readonly (readonly [string, string])[] = [
  [
    '/responses',
    frame({
      type: 'response.output_text.delta',
      item_id: 'odd',
      output_index: 0,
      content_index: 0,
      delta: HOLE,
    }),
  ],
  ['/messages', frame({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: HOLE } })],
  [
    '',
    frame({
      id: 'chatcmpl-odd',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'odd',
      choices: [{ index: 0, delta: { content: HOLE }, finish_reason: null }],
    }),
  ],
];

/** A frame in the path's format whose text is these bytes, valid or not. */
function frameWith(text: Bytes, { path }: Place): Buffer {
  const found = TEXT_FRAMES.find(([end]) => path.endsWith(end));
  const [head = '', tail = ''] = (found?.[1] ?? '').split(JSON.stringify(HOLE).slice(1, -1));
  return Buffer.concat([Buffer.from(head), Buffer.from(text), Buffer.from(tail)]);
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
