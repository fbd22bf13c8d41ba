/** Where text lives in the items of the Responses API: messages, thoughts, calls of tools and what they gave. */
import { addCitation, annotationSpans } from './citations.ts';
import { asArray, asObject, asString } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';
import type { LaneContent } from './lane.ts';
import { shadow } from './located.ts';
import type { Author, TextCollector } from './located.ts';
import { logprobTexts } from './logprobs.ts';

/** Members of items that are one text, and what it is. Items of tomorrow are read by the same names. */
const ITEM_TEXTS: readonly (readonly [string, LaneContent, 'text' | 'json'])[] = [
  ['arguments', 'tool_arguments', 'json'],
  ['input', 'tool_arguments', 'text'],
  ['code', 'tool_arguments', 'text'],
  ['revised_prompt', 'tool_arguments', 'text'],
  ['text', 'message', 'text'],
  ['reason', 'message', 'text'],
  ['output', 'tool_result', 'text'],
  ['error', 'tool_result', 'text'],
];

/** Members that hold content parts, and what their text is. */
const ITEM_PARTS: readonly (readonly [string, LaneContent])[] = [
  ['summary', 'reasoning'],
  ['output', 'tool_result'],
  ['results', 'tool_result'],
  ['outputs', 'tool_result'],
];

/** What a built-in tool is told to do: a search, a command, keys to type, a patch. */
const ITEM_ORDERS = ['action', 'operation', 'queries'];

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
    const more = { form, tool, lanePath: [...lanePath, member] };
    collector.add(item[member], [...at, member], authorOf(content, author), content, more);
    if (form === 'json') collector.addEmbedded(item[member], [...at, member], author, content, more);
  }
  for (const member of ITEM_ORDERS) {
    const more = { lanePath: [...lanePath, member] };
    collector.addEmbedded(item[member], [...at, member], author, 'tool_arguments', more);
  }
  const content = item['type'] === 'reasoning' ? 'reasoning' : 'message';
  collector.add(item['content'], [...at, 'content'], author, content, { lanePath: [...lanePath, 'content'] });
  for (const [member, kind] of [['content', content] as const, ...ITEM_PARTS]) {
    addParts(collector, item[member], [...at, member], authorOf(kind, author), kind, [...lanePath, member]);
  }
}

/** What a tool gave is the tool's word, also where it stands in the item of its call. */
function authorOf(content: LaneContent, author: Author): Author {
  return content === 'tool_result' && author.phase === 'input' ? { ...author, role: 'tool' } : author;
}

function addParts(
  collector: TextCollector,
  parts: JsonValue | undefined,
  at: JsonPath,
  author: Author,
  content: LaneContent,
  lanePath: JsonPath,
): void {
  const alone = asObject(parts);
  if (alone !== undefined) addPart(collector, alone, at, author, content, lanePath);
  for (const [index, value] of asArray(parts).entries()) {
    const part = asObject(value);
    if (part !== undefined) addPart(collector, part, [...at, index], author, content, [...lanePath, index]);
    else {
      collector.add(value, [...at, index], author, content, { lanePath: [...lanePath, index] });
    }
  }
}

/** Members of a part that hold text. */
const PART_TEXTS = ['text', 'logs', 'refusal', 'transcript', 'stdout', 'stderr'];

export function addPart(
  collector: TextCollector,
  part: JsonObject,
  at: JsonPath,
  author: Author,
  content: LaneContent,
  lanePath: JsonPath,
): void {
  const shadows = shadow(part, 'logprobs', at);
  const spans = annotationSpans(part, at);
  for (const member of PART_TEXTS) {
    const more = { shadows, spans, lanePath: [...lanePath, member] };
    collector.add(part[member], [...at, member], author, member === 'refusal' ? 'refusal' : content, more);
  }
  collector.add(part['content'], [...at, 'content'], author, content, { lanePath: [...lanePath, 'content'] });
  addParts(collector, part['content'], [...at, 'content'], author, content, [...lanePath, 'content']);
  if (shadows.length > 0) {
    const lane = [...lanePath, 'logprobs'];
    const { tokens, alternatives } = logprobTexts(part['logprobs'], [...at, 'logprobs'], lane);
    collector.texts.push(...tokens, ...alternatives);
  }
  for (const [index, annotation] of asArray(part['annotations']).entries()) {
    const lane = [...lanePath, 'annotations', index];
    addCitation(collector, annotation, [...at, 'annotations', index], author, lane);
  }
}
