/** Asks the gateway the way an application would, and keeps what the application would see. */
import { isObject, listOf, parseObject } from '../upstream/json.ts';
import { PRIMARY_MODEL } from './demo-files.ts';

export interface Received {
  readonly status: number;
  readonly eventId: string;
  /** Who answered; empty when nobody was asked. */
  readonly target: string;
  /** The answer's text. */
  readonly text: string;
  /** The same, as it came: one for each chunk of a stream that held text. */
  readonly pieces: readonly string[];
  /** The code and message of an error. */
  readonly code: string;
  readonly message: string;
}

/** @param onPiece Called with each piece of text when it arrives. */
export async function askGateway(
  url: string,
  question: string,
  stream: boolean,
  onPiece: (piece: string) => void,
): Promise<Received> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: PRIMARY_MODEL, stream, messages: [{ role: 'user', content: question }] }),
  });
  const pieces: string[] = [];
  let error: unknown;
  for await (const body of stream && response.ok ? framesOf(response) : wholeOf(response)) {
    const { choices, error: fault } = parseObject(body) ?? {};
    error ??= fault;
    const piece = textOf(listOf(choices)[0]);
    if (piece === '') continue;
    pieces.push(piece);
    onPiece(piece);
  }
  const { code, message } = isObject(error) ? error : {};
  return {
    status: response.status,
    eventId: response.headers.get('x-keeptrusts-event-id') ?? '',
    target: response.headers.get('x-keeptrusts-target') ?? '',
    text: pieces.join(''),
    pieces,
    code: typeof code === 'string' ? code : '',
    message: typeof message === 'string' ? message : '',
  };
}

function textOf(choice: unknown): string {
  if (!isObject(choice)) return '';
  const part = choice['delta'] ?? choice['message'];
  const content = isObject(part) ? part['content'] : undefined;
  return typeof content === 'string' ? content : '';
}

async function* wholeOf(response: Response): AsyncGenerator<string> {
  yield await response.text();
}

async function* framesOf(response: Response): AsyncGenerator<string> {
  let rest = '';
  for await (const text of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const frames = (rest + text).split('\n\n');
    rest = frames.pop() ?? '';
    for (const frame of frames) if (frame.startsWith('data: {')) yield frame.slice('data: '.length);
  }
}
