/** The texts of a content as providers spell it: a string, or parts that hold strings, some of them thoughts. */
import { isArray, isObject } from './json-value.ts';
import type { JsonPath, JsonValue } from './json-value.ts';
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
  ['refusal', 'refusal'],
  ['thinking', 'reasoning'],
  ['reasoning', 'reasoning'],
  ['summary', 'reasoning'],
];

/** Parts within parts: Mistral's thoughts are lists of parts inside a part. Deeper down nobody keeps text. */
const MOST_LEVELS = 4;

/** Images, audio and files have their data under other names and are passed over. */
export function partTexts(
  value: JsonValue | undefined,
  at: JsonPath,
  content: LaneContent,
  level = 0,
): readonly PartText[] {
  if (typeof value === 'string') return value === '' ? [] : [{ at, text: value, content }];
  if (level > MOST_LEVELS) return [];
  if (isArray(value)) {
    return value.flatMap((part, index) => partTexts(part, [...at, index], content, level + 1));
  }
  if (!isObject(value)) return [];
  return MEMBERS.flatMap(([member, kind]) =>
    partTexts(value[member], [...at, member], kind ?? content, level + 1),
  );
}
