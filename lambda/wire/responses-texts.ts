/** Where text lives in the items of the Responses API: a request's input, a reply's output. */
import { asArray, asObject, isObject } from './json-value.ts';
import type { JsonObject, JsonPath } from './json-value.ts';
import type { Role } from './lane.ts';
import { ASSISTANT, TextCollector } from './located.ts';
import type { Author } from './located.ts';
import { addItem } from './responses-items.ts';
import type { LocatedText, RequestFault } from './wire-format.ts';

const ROLES: ReadonlySet<string> = new Set(['user', 'assistant', 'system', 'developer']);

export function checkResponsesRequest(body: JsonObject): RequestFault | undefined {
  const { input, instructions } = body;
  if (instructions !== undefined && instructions !== null && typeof instructions !== 'string') {
    return { param: 'instructions', message: 'instructions must be a string' };
  }
  // Absent is right when a stored prompt stands for it; upstream knows.
  if (input === undefined || typeof input === 'string') return undefined;
  if (!Array.isArray(input) || input.length === 0) {
    return { param: 'input', message: 'input must be a string or an array with at least one item' };
  }
  for (const [index, item] of asArray(input).entries()) {
    const place = `input.${index}`;
    if (!isObject(item)) return { param: place, message: `${place} must be an object` };
    const { role } = item;
    if (role !== undefined && (typeof role !== 'string' || !ROLES.has(role))) {
      return { param: `${place}.role`, message: `${place}.role must be one of ${[...ROLES].join(', ')}` };
    }
  }
  return undefined;
}

export function responsesRequestTexts(body: JsonObject, source: string): readonly LocatedText[] {
  const collector = new TextCollector(source);
  const system: Author = { phase: 'input', role: 'system' };
  const user: Author = { phase: 'input', role: 'user' };
  collector.add(body['instructions'], ['instructions'], system, 'message');
  collector.add(body['input'], ['input'], user, 'message');
  for (const [index, value] of asArray(body['input']).entries()) {
    const item = asObject(value);
    if (item !== undefined)
      addItem(collector, item, ['input', index], { phase: 'input', role: roleOf(item) });
  }
  const variables = asObject(asObject(body['prompt'])?.['variables']) ?? {};
  for (const [name, value] of Object.entries(variables)) {
    const at = ['prompt', 'variables', name];
    collector.add(value, at, user, 'message');
    collector.add(asObject(value)?.['text'], [...at, 'text'], user, 'message');
  }
  return collector.texts;
}

/** A message, an answer to a request for approval, and parts of a message that stand alone. */
const USER_ITEM = /^message$|^input_|_response$/;

function roleOf({ role, type }: JsonObject): Role {
  if (role === 'assistant' || role === 'system' || role === 'developer') return role;
  if (typeof type !== 'string' || USER_ITEM.test(type)) return 'user';
  return type.endsWith('_output') ? 'tool' : 'assistant';
}

export function responsesReplyTexts(body: JsonObject, source: string): readonly LocatedText[] {
  const collector = new TextCollector(source);
  addOutput(collector, body, []);
  return collector.texts;
}

/** The `output` of a response object that stands at `at`. */
export function addOutput(collector: TextCollector, response: JsonObject, at: JsonPath): void {
  for (const [index, value] of asArray(response['output']).entries()) {
    const item = asObject(value);
    if (item !== undefined) addItem(collector, item, [...at, 'output', index], ASSISTANT, ['output', index]);
  }
  collector.add(response['output_text'], [...at, 'output_text'], ASSISTANT, 'message', {
    lanePath: ['output_text'],
    isRepetition: true,
  });
}
