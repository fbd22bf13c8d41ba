/** The request's body as one target gets it: the caller's own bytes where nothing has to change. */
import type { Target } from '../config/gateway-config.ts';
import type { ReadBody } from '../http/read-body.ts';
import { editJson } from '../wire/edit-json.ts';
import type { JsonEdit } from '../wire/edit-json.ts';
import { isObject } from '../wire/json-value.ts';
import type { WireFormat } from '../wire/wire-format.ts';

export interface BodyNeeds {
  readonly format: WireFormat;
  readonly stream: boolean;
  /** False once a target refused stream_options. */
  readonly mayAskForUsage: boolean;
}

/** @param redactions what the policies changed. */
export function prepareBody(
  target: Target,
  body: ReadBody,
  redactions: readonly JsonEdit[],
  needs: BodyNeeds,
): string | Uint8Array {
  const edits: JsonEdit[] = [...redactions];
  const { data } = body;
  if (target.model !== undefined && data['model'] !== target.model) {
    edits.push({ path: ['model'], json: JSON.stringify(target.model) });
  }
  const usage =
    needs.stream && needs.format.asksForUsage ? usageEdit(data['stream_options'], needs) : undefined;
  if (usage !== undefined) edits.push(usage);
  if (target.provider === 'aimlapi') {
    // AIML API answers 400 to a null where OpenAI takes it for an absent field.
    const edited = new Set(edits.map(({ path }) => path[0]));
    for (const [key, value] of Object.entries(data)) {
      if (value === null && !edited.has(key)) edits.push({ path: [key] });
    }
  }
  return edits.length === 0 ? body.bytes : editJson(body.text, edits);
}

function usageEdit(options: unknown, { mayAskForUsage }: BodyNeeds): JsonEdit | undefined {
  if (!mayAskForUsage) return options === undefined ? undefined : { path: ['stream_options'] };
  if (!isObject(options)) return { path: ['stream_options'], json: '{"include_usage":true}' };
  return options['include_usage'] === true
    ? undefined
    : { path: ['stream_options', 'include_usage'], json: 'true' };
}

/** Whether the caller asked for the usage chunk itself. */
export function wantsUsage(body: ReadBody): boolean {
  const options = body.data['stream_options'];
  return isObject(options) && options['include_usage'] === true;
}
