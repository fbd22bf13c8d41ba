/** Reads what upstream sent as the JSON object that every reader of it sees. */
import { findJsonHazard } from './inspect-json.ts';
import { parseObject } from './json-value.ts';
import type { JsonObject } from './json-value.ts';
import { withSingleKeys } from './single-keys.ts';

export interface Document {
  /** As it came, or with the last of equal keys alone. */
  readonly text: string;
  readonly data: JsonObject;
}

/** Undefined for what is no JSON object, or nested deeper than anybody needs. */
export function readDocument(text: string): Document | undefined {
  const data = parseObject(text);
  if (data === undefined) return undefined;
  const hazard = findJsonHazard(text);
  if (hazard === undefined) return { text, data };
  return hazard.kind === 'too_deep' ? undefined : { text: withSingleKeys(text), data };
}
