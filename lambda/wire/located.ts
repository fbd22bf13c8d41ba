/** Builds the located texts that the formats report. */
import { isAbsent, isObject, toPointer } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';
import type { Lane, LaneContent, Phase, Role } from './lane.ts';
import { indexValues } from './value-text.ts';
import type { ValueIndex } from './value-text.ts';
import type { LocatedText, TextSpan } from './wire-format.ts';

/** Whose text it is. */
export interface Author {
  readonly phase: Phase;
  readonly role: Role;
}

export const ASSISTANT: Author = { phase: 'output', role: 'assistant' };

export interface TextDetails {
  readonly form?: 'text' | 'json';
  readonly tool?: string | undefined;
  readonly shadows?: readonly JsonPath[];
  readonly spans?: readonly TextSpan[];
  readonly isRepetition?: boolean;
  readonly isGathered?: boolean;
  /** Where the text stands in the assembled reply, when that is another place than in this document. */
  readonly lanePath?: JsonPath;
}

/** Collects the texts of one document. */
export class TextCollector {
  readonly texts: LocatedText[] = [];
  private readonly source: string;
  private values: ValueIndex | undefined;

  /** @param source the document's JSON text. */
  constructor(source: string) {
    this.source = source;
  }

  /** Adds a string that is not empty; anything else is passed over. */
  add(
    value: JsonValue | undefined,
    at: JsonPath,
    author: Author,
    content: LaneContent,
    more: TextDetails = {},
  ): void {
    if (typeof value === 'string' && value !== '') this.texts.push(located(value, at, author, content, more));
  }

  /** Adds a JSON value that stands in the document as such (the input of a tool), with its own spelling. */
  addEmbedded(
    value: JsonValue | undefined,
    at: JsonPath,
    author: Author,
    content: LaneContent,
    more: TextDetails = {},
  ): void {
    const holdsText = isObject(value)
      ? Object.keys(value).length > 0
      : Array.isArray(value)
        ? value.length > 0
        : typeof value === 'number';
    if (!holdsText) return;
    this.values ??= indexValues(this.source);
    const text = this.values.textOf(at);
    if (text === undefined) return;
    this.texts.push({ ...located(text, at, author, content, { ...more, form: 'json' }), isEmbedded: true });
  }
}

export function located(
  text: string,
  at: JsonPath,
  author: Author,
  content: LaneContent,
  more: TextDetails = {},
): LocatedText {
  const { form = 'text', tool, shadows, spans, isRepetition, isGathered } = more;
  const path = toPointer(more.lanePath ?? at);
  const lane: Lane = { phase: author.phase, role: author.role, content, path };
  return {
    lane: tool === undefined ? lane : { ...lane, tool },
    at,
    text,
    form,
    ...(shadows !== undefined && shadows.length > 0 && { shadows }),
    ...(spans !== undefined && spans.length > 0 && { spans }),
    ...(isRepetition === true && { isRepetition }),
    ...(isGathered === true && { isGathered }),
  };
}

/** The member's path when it is there and holds something. */
export function shadow(holder: JsonObject, member: string, at: JsonPath): readonly JsonPath[] {
  const value = holder[member];
  const isEmpty = isAbsent(value) || (Array.isArray(value) && value.length === 0);
  return isEmpty ? [] : [[...at, member]];
}
