/** Careful looks into a value of unknown shape: what is not of the shape asked for counts as absent. */
import type { Path } from './problem.ts';

/** Anything that YAML can hold. */
export type Mapping = Readonly<Record<string, unknown>>;

/** True for a mapping. */
export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The mapping, or an empty one. */
export function mappingOf(value: unknown): Mapping {
  return isMapping(value) ? value : {};
}

/** The list, or an empty one. */
export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The text, or undefined. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** What stands at a path, or undefined. */
export function valueAt(root: unknown, path: Path): unknown {
  let value: unknown = root;
  for (const part of path) {
    if (typeof part === 'number') value = listOf(value)[part];
    else value = isMapping(value) && Object.hasOwn(value, part) ? value[part] : undefined;
  }
  return value;
}

/** The later value over the earlier: mappings are joined key by key, all else is replaced. */
export function mergeValues(earlier: unknown, later: unknown): unknown {
  if (!isMapping(earlier) || !isMapping(later)) return later;
  const merged: Record<string, unknown> = emptyMapping();
  for (const [key, value] of Object.entries(earlier)) merged[key] = value;
  for (const [key, value] of Object.entries(later)) {
    merged[key] = Object.hasOwn(merged, key) ? mergeValues(merged[key], value) : value;
  }
  return merged;
}

/** A mapping without a prototype, so that no key of a file means anything to the language. */
export function emptyMapping(): Record<string, unknown> {
  return { __proto__: null };
}
