/** Builds the located texts that the formats report. */
import { isObject, toPointer } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';
import type { LaneContent, Phase, Role } from './lane.ts';
import { valueText } from './value-text.ts';
import type { LocatedText } from './wire-format.ts';

/** Whose text it is. */
export interface Author {
  readonly phase: Phase;
  readonly role: Role;
}

export const ASSISTANT: Author = { phase: 'output', role: 'assistant' };

/** Collects the texts of one document. */
export class TextCollector {
  readonly texts: LocatedText[] = [];
  private readonly source: string;

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
    if (typeof value !== 'string' || value === '') return;
    const { form = 'text', tool, shadows } = more;
    this.texts.push({
      lane: { ...author, content, path: toPointer(more.lanePath ?? at), ...(tool !== undefined && { tool }) },
      at,
      text: value,
      form,
      ...(shadows !== undefined && shadows.length > 0 && { shadows }),
    });
  }

  /** Adds a JSON value that stands in the document as such (the input of a tool), with its own spelling. */
  addEmbedded(value: JsonValue | undefined, at: JsonPath, author: Author, tool: string | undefined): void {
    if (!isObject(value) || Object.keys(value).length === 0) return;
    const text = valueText(this.source, at);
    if (text === undefined) return;
    this.texts.push({
      lane: {
        ...author,
        content: 'tool_arguments',
        path: toPointer(at),
        ...(tool !== undefined && { tool }),
      },
      at,
      text,
      form: 'json',
      isEmbedded: true,
    });
  }
}

export interface TextDetails {
  readonly form?: 'text' | 'json';
  readonly tool?: string | undefined;
  readonly shadows?: readonly JsonPath[];
  /** Where the text stands in the assembled reply, when that is another place than in this document. */
  readonly lanePath?: JsonPath;
}

/** The member's path when it is there and holds something. */
export function shadow(holder: JsonObject, member: string, at: JsonPath): readonly JsonPath[] {
  const value = holder[member];
  return value === undefined || value === null ? [] : [[...at, member]];
}
