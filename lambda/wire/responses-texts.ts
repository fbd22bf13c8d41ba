/** Where text lives in the items of the Responses API: a request's input, a reply's output. */
import { asArray, asObject, asString, isObject } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';
import type { LaneContent, Role } from './lane.ts';
import { ASSISTANT, shadow, TextCollector } from './located.ts';
import type { Author } from './located.ts';
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

function roleOf({ role, type }: JsonObject): Role {
  if (role === 'assistant' || role === 'system' || role === 'developer') return role;
  if (typeof type !== 'string' || type === 'message') return 'user';
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
  if (at.length > 0) collector.add(response['output_text'], [...at, 'output_text'], ASSISTANT, 'message');
}

/** Members of items that are one text, and what it is. Items of tomorrow are read by the same names. */
const ITEM_TEXTS: readonly (readonly [string, LaneContent, 'text' | 'json'])[] = [
  ['arguments', 'tool_arguments', 'json'],
  ['input', 'tool_arguments', 'text'],
  ['code', 'tool_arguments', 'text'],
  ['output', 'tool_result', 'text'],
];

/** @param lanePath where the item stands in the assembled reply. */
export function addItem(
  collector: TextCollector,
  item: JsonObject,
  at: JsonPath,
  author: Author,
  lanePath: JsonPath = at,
): void {
  const tool = asString(item['name']);
  for (const [member, content, form] of ITEM_TEXTS) {
    collector.add(item[member], [...at, member], author, content, {
      form,
      tool,
      lanePath: [...lanePath, member],
    });
  }
  const content = item['type'] === 'reasoning' ? 'reasoning' : 'message';
  collector.add(item['content'], [...at, 'content'], author, content, { lanePath: [...lanePath, 'content'] });
  addParts(collector, item['content'], [...at, 'content'], author, content, [...lanePath, 'content']);
  addParts(collector, item['summary'], [...at, 'summary'], author, 'reasoning', [...lanePath, 'summary']);
  addParts(collector, item['output'], [...at, 'output'], author, 'tool_result', [...lanePath, 'output']);
  addParts(collector, item['results'], [...at, 'results'], author, 'tool_result', [...lanePath, 'results']);
  addParts(collector, item['outputs'], [...at, 'outputs'], author, 'tool_result', [...lanePath, 'outputs']);
}

function addParts(
  collector: TextCollector,
  parts: JsonValue | undefined,
  at: JsonPath,
  author: Author,
  content: LaneContent,
  lanePath: JsonPath,
): void {
  for (const [index, value] of asArray(parts).entries()) {
    const part = asObject(value);
    if (part !== undefined) addPart(collector, part, [...at, index], author, content, [...lanePath, index]);
  }
}

export function addPart(
  collector: TextCollector,
  part: JsonObject,
  at: JsonPath,
  author: Author,
  content: LaneContent,
  lanePath: JsonPath,
): void {
  const shadows = shadow(part, 'logprobs', at);
  collector.add(part['text'], [...at, 'text'], author, content, { shadows, lanePath: [...lanePath, 'text'] });
  collector.add(part['logs'], [...at, 'logs'], author, content, { lanePath: [...lanePath, 'logs'] });
  collector.add(part['refusal'], [...at, 'refusal'], author, 'refusal', {
    lanePath: [...lanePath, 'refusal'],
  });
  for (const [index, annotation] of asArray(part['annotations']).entries()) {
    const place = [...at, 'annotations', index];
    collector.add(asObject(annotation)?.['title'], [...place, 'title'], author, 'annotation');
  }
}
