/** The texts of a content as providers spell it: a string, or parts that hold strings, some of them thoughts. */
import { MAX_JSON_DEPTH } from './inspect-json.ts';
import { isArray, isObject } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';
import type { LaneContent } from './lane.ts';

export interface PartText {
  readonly at: JsonPath;
  readonly text: string;
  readonly content: LaneContent;
}

/** Members of a part that hold text, and what it is; undefined: what the whole content is. */
const MEMBERS: readonly (readonly [string, LaneContent | undefined])[] = [
  ['text', undefined],
  ['content', undefined],
  ['value', undefined],
  ['document', undefined],
  ['refusal', 'refusal'],
  ['thinking', 'reasoning'],
  ['reasoning', 'reasoning'],
  ['summary', 'reasoning'],
];

/** Where a document, or the source of one, says that its `data` is text. */
const DATA: readonly (readonly [string, LaneContent | undefined])[] = [...MEMBERS, ['data', undefined]];

/** Images, audio and files have their data under other names and are passed over. */
export function partTexts(
  value: JsonValue | undefined,
  at: JsonPath,
  content: LaneContent,
  level = 0,
): readonly PartText[] {
  if (typeof value === 'string') return value === '' ? [] : [{ at, text: value, content }];
  // Documents that are nested deeper never come this far.
  if (level > MAX_JSON_DEPTH) return [];
  if (isArray(value)) {
    return value.flatMap((part, index) => partTexts(part, [...at, index], content, level + 1));
  }
  if (!isObject(value)) return [];
  const { source } = value;
  return [
    ...membersOf(value).flatMap(([member, kind]) =>
      partTexts(value[member], [...at, member], kind ?? content, level + 1),
    ),
    // As a string it is an address, or base64.
    ...(isObject(source) ? partTexts(source, [...at, 'source'], content, level + 1) : []),
  ];
}

function membersOf({ type }: JsonObject): typeof MEMBERS {
  return type === 'text' ? DATA : MEMBERS;
}
