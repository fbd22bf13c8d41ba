/** The schema as plain data: what is allowed at a place, for the linter's messages and for the manual. */
import * as z from 'zod';
import type { FieldNotes } from './fields.ts';
import type { Path } from './problem.ts';
import { isMapping } from './tree.ts';

/** A part of the schema in JSON Schema (2020-12), with the notes of fields.ts beside it. */
export interface FieldNode extends FieldNotes {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly maxLength?: number;
  readonly minItems?: number;
  readonly pattern?: string;
  readonly properties?: Readonly<Record<string, FieldNode>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: FieldNode | boolean;
  readonly propertyNames?: FieldNode;
  readonly items?: FieldNode;
  readonly anyOf?: readonly FieldNode[];
}

/** A schema never changes, and describing one takes milliseconds. */
const described = new WeakMap<z.ZodType, FieldNode>();

/** Describes a schema as data. */
export function describeSchema(schema: z.ZodType): FieldNode {
  const known = described.get(schema);
  if (known !== undefined) return known;
  const json: unknown = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  const node = isFieldNode(json) ? json : {};
  described.set(schema, node);
  return node;
}

/** JSON Schema made by the builders of this folder holds nothing else. */
function isFieldNode(value: unknown): value is FieldNode {
  return isMapping(value);
}

/** Every description that fits a path; several where the schema offers alternatives. */
export function nodesAt(root: FieldNode, path: Path): readonly FieldNode[] {
  let nodes: readonly FieldNode[] = alternatives(root);
  for (const part of path) nodes = nodes.flatMap((node) => childrenOf(node, part));
  return nodes;
}

/** The keys that a mapping at this place may have. */
export function keysAt(root: FieldNode, path: Path): readonly string[] {
  return nodesAt(root, path).flatMap((node) => Object.keys(node.properties ?? {}));
}

/** What a value may be, in words. */
export function allowedValues(node: FieldNode): string {
  if (node.allowed !== undefined) return node.allowed;
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(allowedValues))].join(', or ');
  if (node.enum !== undefined) return joinWords(node.enum);
  if (node.type === 'integer' || node.type === 'number') return numberRange(node);
  if (node.type === 'string' && node.maxLength !== undefined)
    return `text of at most ${node.maxLength} characters`;
  if (node.items !== undefined)
    return `a list${node.minItems === undefined ? '' : ' that is not empty'}; each entry: ${allowedValues(node.items)}`;
  return TYPE_WORDS[node.type ?? ''] ?? 'any value';
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  string: 'text',
  array: 'a list',
  object: 'a mapping',
};

/** `a, b or c` */
export function joinWords(words: readonly string[]): string {
  const [last = ''] = words.slice(-1);
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} or ${last}`;
}

function childrenOf(node: FieldNode, part: string | number): readonly FieldNode[] {
  if (typeof part === 'number') return node.items === undefined ? [] : alternatives(node.items);
  const { properties = {}, additionalProperties } = node;
  const named = Object.hasOwn(properties, part) ? properties[part] : undefined;
  if (named !== undefined) return alternatives(named);
  return typeof additionalProperties === 'object' ? alternatives(additionalProperties) : [];
}

function alternatives(node: FieldNode): readonly FieldNode[] {
  return node.anyOf === undefined ? [node] : [node, ...node.anyOf.flatMap(alternatives)];
}

function numberRange({ type, minimum, maximum, exclusiveMinimum, unit }: FieldNode): string {
  const noun = type === 'integer' ? 'a whole number' : 'a number';
  const above = exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`;
  const from = minimum === undefined ? '' : ` from ${minimum}`;
  const to = maximum === undefined ? '' : `${from === '' ? ' up' : ''} to ${maximum}`;
  return `${noun}${above}${from}${to}${unit === undefined ? '' : ` (${unit})`}`;
}
