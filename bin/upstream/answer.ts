/** What a request asks of the embedded upstream, what is answered, and the scripted answers it has of its own. */
import { isObject, listOf, type JsonObject } from './json.ts';
import type { Fault } from './fault.ts';

/** The questions that the upstream understands; every one of them has whole answers, most have streams. */
export type Route = 'chat' | 'responses' | 'messages' | 'embeddings';

/** A request as the script sees it. */
export interface Ask {
  readonly route: Route;
  /** As the request named it. */
  readonly model: string;
  readonly stream: boolean;
  /** The text of the last message with role user, its text parts joined. */
  readonly userText: string;
  /** The role of the last message: a scripted tool call is made only before the tool has answered. */
  readonly lastRole: string;
  readonly body: JsonObject;
  readonly headers: Readonly<Record<string, string>>;
}

export interface ToolCall {
  readonly name: string;
  /** JSON text, sent as it stands. */
  readonly arguments: string;
}

/** What the model says. Every field may be absent: an empty answer is an answer. */
export interface Answer {
  /** A list is sent with these very token borders. */
  readonly text?: string | readonly string[];
  readonly reasoning?: string | readonly string[];
  /** Which spelling chat completions use for it; default `reasoning_content`. */
  readonly reasoningAs?: 'reasoning_content' | 'reasoning';
  readonly refusal?: string;
  readonly toolCalls?: readonly ToolCall[];
  /** On chat completions; default stop, tool_calls, or end_turn for Claude. */
  readonly finishReason?: string;
  readonly inputTokens?: number;
  readonly outputTokens?: number;
  readonly cachedTokens?: number;
  /** Goes wrong in this way; the answer is what is sent up to there. */
  readonly fault?: Fault;
  /** Called before each frame of a stream; a promise holds that frame back. */
  readonly beforeFrame?: (index: number) => Promise<void> | undefined;
}

/** Bytes to answer with instead of an answer in AIML API's format. */
export interface RawAnswer {
  readonly raw: string | Uint8Array | AsyncIterable<string | Uint8Array>;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Decides what is answered; undefined leaves it to the built-in script. */
export type Reply = (ask: Ask) => Answer | RawAnswer | undefined | Promise<Answer | RawAnswer | undefined>;

const ECHO = /^\s*(?:please\s+)?(?:repeat|echo|say)(?:\s+(?:after\s+me|this|back))?\s*:\s*/iu;

/**
 * The built-in script, no model of any kind: text after "repeat:", "echo:" or "say:" comes back as it was seen
 * here; a request with tools gets a call of the first one; everything else is told what this is.
 */
export function scriptedAnswer(ask: Ask): Answer {
  const call = ask.lastRole === 'tool' ? undefined : firstToolCall(ask);
  if (call !== undefined) return { toolCalls: [call] };
  const echo = ECHO.exec(ask.userText);
  if (echo !== null) return { text: ask.userText.slice(echo[0].length) };
  if (/capital of france/iu.test(ask.userText)) return { text: 'The capital of France is Paris.' };
  return { text: `This is a scripted stand-in for AIML API. It was sent: ${ask.userText}` };
}

function firstToolCall(ask: Ask): ToolCall | undefined {
  if (ask.body['tool_choice'] === 'none') return undefined;
  const tool = listOf(ask.body['tools'])[0];
  if (!isObject(tool)) return undefined;
  const declared = isObject(tool['function']) ? tool['function'] : tool;
  const name = declared['name'];
  if (typeof name !== 'string') return undefined;
  const schema = declared['parameters'] ?? declared['input_schema'];
  return { name, arguments: JSON.stringify(argumentsFor(schema, ask.userText)) };
}

/** One value for each property: the user's own words where text is asked. */
function argumentsFor(schema: unknown, userText: string): JsonObject {
  const properties = isObject(schema) && isObject(schema['properties']) ? schema['properties'] : {};
  const value = (property: unknown): unknown => {
    if (!isObject(property)) return userText;
    const choice = listOf(property['enum'])[0];
    if (choice !== undefined) return choice;
    const type = property['type'];
    if (type === 'number' || type === 'integer') return 1;
    if (type === 'boolean') return true;
    if (type === 'array') return [userText];
    return type === 'object' ? argumentsFor(property, userText) : userText;
  };
  return Object.fromEntries(Object.entries(properties).map(([key, property]) => [key, value(property)]));
}
