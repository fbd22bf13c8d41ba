/** Turns the nodes of a YAML document into plain data, within bounds, noting the line of every value. */
import { isAlias, isMap, isScalar, isSeq, type LineCounter, type Node } from 'yaml';
import type { Path } from './problem.ts';
import { formatPath, showText } from './show.ts';
import { emptyMapping } from './tree.ts';

/** Deeper than any configuration, far from the depth at which recursion fails. */
const DEEPEST = 64;

/** How many values aliases may repeat in one file: plenty for people, far too few for a bomb. */
const MOST_ALIASED = 10_000;

/** Tags that say what the value is anyway. */
const PLAIN_TAGS = /^tag:yaml\.org,2002:(?:str|int|float|bool|null|map|seq)$/;

export interface YamlFault {
  readonly path: Path;
  readonly message: string;
  readonly suggestion: string;
  readonly line: number | undefined;
}

export interface PlainData {
  readonly value: unknown;
  /** Line by formatted path. */
  readonly lines: ReadonlyMap<string, number>;
  readonly faults: readonly YamlFault[];
}

interface Walk {
  readonly counter: LineCounter;
  readonly lines: Map<string, number>;
  readonly faults: YamlFault[];
  readonly anchors: Map<string, Node>;
  aliased: number;
  insideAlias: boolean;
}

/** Converts the root of a document; what cannot be converted is left out and told. */
export function plainData(root: Node | null, counter: LineCounter): PlainData {
  const walk: Walk = {
    counter,
    lines: new Map(),
    faults: [],
    anchors: new Map(),
    aliased: 0,
    insideAlias: false,
  };
  const value = convert(root, [], walk);
  return { value, lines: walk.lines, faults: walk.faults };
}

function convert(node: unknown, path: Path, walk: Walk): unknown {
  if (path.length > DEEPEST) {
    return fault(walk, path, node, `nesting deeper than ${DEEPEST} levels`, 'flatten the file');
  }
  if (walk.insideAlias) {
    walk.aliased += 1;
    if (walk.aliased === MOST_ALIASED) {
      fault(walk, path, node, `aliases repeat more than ${MOST_ALIASED} values`, 'write the values out');
    }
    if (walk.aliased >= MOST_ALIASED) return undefined;
  }
  if (isAlias(node)) return convertAlias(node.source, node, path, walk);
  if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor !== undefined) {
    walk.anchors.set(node.anchor, node);
  }
  if (
    (isMap(node) || isSeq(node) || isScalar(node)) &&
    node.tag !== undefined &&
    !PLAIN_TAGS.test(node.tag)
  ) {
    fault(walk, path, node, 'tags have no meaning here', 'remove the tag that starts with `!`');
  }
  if (isMap(node)) return convertMap(node, path, walk);
  if (isSeq(node)) return node.items.map((item, index) => convertItem(item, [...path, index], walk));
  if (!isScalar(node)) return null;
  return typeof node.value === 'object' && node.value !== null ? node.source : node.value;
}

function convertItem(item: unknown, path: Path, walk: Walk): unknown {
  note(walk, path, item);
  return convert(item, path, walk);
}

function convertMap(
  node: { readonly items: readonly { key: unknown; value: unknown }[] },
  path: Path,
  walk: Walk,
) {
  const mapping = emptyMapping();
  for (const { key, value } of node.items) {
    const name = keyText(key);
    if (name === undefined) {
      fault(walk, path, key, 'a key must be text', 'write the key as one word');
      continue;
    }
    const place = [...path, name];
    if (name === '__proto__') {
      fault(walk, place, key, 'the key `__proto__` is not allowed', 'rename or remove it');
      continue;
    }
    if (Object.hasOwn(mapping, name)) {
      const first = walk.lines.get(formatPath(place));
      const where = first === undefined ? '' : ` (first on line ${first})`;
      fault(walk, place, key, `the key ${showText(name)} stands twice${where}`, 'keep one of the two');
      continue;
    }
    note(walk, place, key);
    mapping[name] = convert(value, place, walk);
  }
  return mapping;
}

function convertAlias(name: string, node: unknown, path: Path, walk: Walk): unknown {
  const anchored = walk.anchors.get(name);
  if (anchored === undefined) {
    return fault(
      walk,
      path,
      node,
      'an alias has no anchor before it',
      'define the anchor first, or write it out',
    );
  }
  const outer = walk.insideAlias;
  walk.insideAlias = true;
  const value = convert(anchored, path, walk);
  walk.insideAlias = outer;
  return value;
}

function keyText(key: unknown): string | undefined {
  if (!isScalar(key)) return undefined;
  const { value } = key;
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? (key.source ?? String(value)) : undefined;
}

function note(walk: Walk, path: Path, node: unknown): void {
  const line = lineOf(walk, node);
  if (line !== undefined && !walk.insideAlias) walk.lines.set(formatPath(path), line);
}

function lineOf(walk: Walk, node: unknown): number | undefined {
  if (!isScalar(node) && !isMap(node) && !isSeq(node) && !isAlias(node)) return undefined;
  const start = node.range?.[0];
  return start === undefined ? undefined : walk.counter.linePos(start).line;
}

function fault(walk: Walk, path: Path, node: unknown, message: string, suggestion: string): undefined {
  const line = lineOf(walk, node) ?? walk.lines.get(formatPath(path));
  walk.faults.push({ path, message, suggestion, line });
  return undefined;
}
