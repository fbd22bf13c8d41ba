/** Changes single values of a JSON text and leaves every other byte of it as it was. */
import { endOfString, endOfValue, keyOf, skipSpace } from './json-text.ts';
import type { JsonPath } from './json-value.ts';

/** `json` is the new value as JSON text; absent, the member is taken out. A missing last key is added. */
export interface JsonEdit {
  readonly path: JsonPath;
  readonly json?: string;
}

interface Node {
  edit?: JsonEdit;
  readonly children: Map<string | number, Node>;
}

/**
 * Applies all edits in one pass. Where a key stands twice in an object, both values are changed, so that no
 * reader of the text meets the old one. Elements of arrays can be changed, not removed.
 */
export function editJson(text: string, edits: readonly JsonEdit[]): string {
  if (edits.length === 0) return text;
  const editor = new Editor(text);
  editor.visit(skipSpace(text, 0), treeOf(edits));
  return editor.finish();
}

function treeOf(edits: readonly JsonEdit[]): Node {
  const root: Node = { children: new Map() };
  for (const edit of edits) {
    let node = root;
    for (const step of edit.path) {
      let child = node.children.get(step);
      if (child === undefined) node.children.set(step, (child = { children: new Map() }));
      node = child;
    }
    node.edit = edit;
  }
  return root;
}

class Editor {
  private readonly text: string;
  private out = '';
  private copied = 0;

  constructor(text: string) {
    this.text = text;
  }

  finish(): string {
    return this.out + this.text.slice(this.copied);
  }

  private replace(start: number, end: number, by: string): void {
    this.out += this.text.slice(this.copied, start) + by;
    this.copied = end;
  }

  /** Returns the index after the value at `start`. */
  visit(start: number, node: Node): number {
    if (node.edit?.json !== undefined) {
      const end = endOfValue(this.text, start);
      this.replace(start, end, node.edit.json);
      return end;
    }
    const first = this.text[start];
    if (first === '{') return this.visitObject(start, node);
    if (first === '[') return this.visitArray(start, node);
    return endOfValue(this.text, start);
  }

  private visitObject(start: number, node: Node): number {
    const seen = new Set<string>();
    let index = skipSpace(this.text, start + 1);
    /** Where the members that stay end: a removed member takes the comma before it along. */
    let keptEnd = start + 1;
    let hasMembers = false;
    while (this.text[index] === '"') {
      const keyEnd = endOfString(this.text, index);
      const key = keyOf(this.text, index, keyEnd);
      const valueStart = skipSpace(this.text, skipSpace(this.text, keyEnd) + 1);
      const child = node.children.get(key);
      seen.add(key);
      const removed = child?.edit !== undefined && child.edit.json === undefined;
      const end =
        child === undefined || removed ? endOfValue(this.text, valueStart) : this.visit(valueStart, child);
      const next = skipSpace(this.text, end);
      const following = this.text[next] === ',' ? skipSpace(this.text, next + 1) : next;
      if (removed) this.replace(hasMembers ? keptEnd : index, hasMembers ? end : following, '');
      else {
        keptEnd = end;
        hasMembers = true;
      }
      index = following;
    }
    this.addMissing(index, node, seen, hasMembers);
    return index + 1;
  }

  private addMissing(at: number, node: Node, seen: ReadonlySet<string>, hasMembers: boolean): void {
    let added = '';
    for (const [key, child] of node.children) {
      if (child.edit?.json === undefined || seen.has(String(key))) continue;
      added += `${hasMembers || added !== '' ? ',' : ''}${JSON.stringify(key)}:${child.edit.json}`;
    }
    if (added !== '') this.replace(at, at, added);
  }

  private visitArray(start: number, node: Node): number {
    let index = skipSpace(this.text, start + 1);
    for (let element = 0; this.text[index] !== ']' && index < this.text.length; element += 1) {
      const child = node.children.get(element);
      const end = child === undefined ? endOfValue(this.text, index) : this.visit(index, child);
      const next = skipSpace(this.text, end);
      index = this.text[next] === ',' ? skipSpace(this.text, next + 1) : next;
    }
    return index + 1;
  }
}
