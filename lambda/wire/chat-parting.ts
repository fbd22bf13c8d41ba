/** Whether a chunk of chat completions may reach the caller in two parts, and what only the first of them carries. */
import { TEXT_MEMBERS } from './chat-lanes.ts';
import { asArray, isObject } from './json-value.ts';
import type { JsonObject, JsonPath, JsonValue } from './json-value.ts';

const LANES: ReadonlySet<string> = new Set(TEXT_MEMBERS.map(([member]) => member));

/**
 * Clients add up what chunks bring: a finish reason, usage, citations or a piece of audio must not come twice, nor
 * anything whose meaning is not known. A role, and the id and name of a call, are left out of the second part.
 */
export function chatPartable(data: JsonObject): readonly JsonPath[] | undefined {
  const once: JsonPath[] = [];
  const { choices, ...envelope } = data;
  if (Object.values(envelope).some(isStructure)) return undefined;
  for (const [position, choice] of asArray(choices).entries()) {
    const found = isObject(choice) ? onceInChoice(choice, ['choices', position]) : undefined;
    if (found === undefined) return undefined;
    once.push(...found);
  }
  return once;
}

const isStructure = (value: JsonValue | undefined): boolean => typeof value === 'object' && value !== null;

function onceInChoice(choice: JsonObject, at: JsonPath): readonly JsonPath[] | undefined {
  const { delta, logprobs: _shadow, finish_reason: reason, ...others } = choice;
  const isFinish = reason !== undefined && reason !== null && reason !== '';
  if (isFinish || Object.values(others).some(isStructure)) return undefined;
  const once: JsonPath[] = [];
  for (const [member, value] of Object.entries(isObject(delta) ? delta : {})) {
    const found = onceInMember(member, value ?? null, [...at, 'delta', member]);
    if (found === undefined) return undefined;
    once.push(...found);
  }
  return once;
}

function onceInMember(member: string, value: JsonValue, at: JsonPath): readonly JsonPath[] | undefined {
  if (value === null || (Array.isArray(value) && value.length === 0)) return [];
  if (member === 'role') return [at];
  if (LANES.has(member)) return typeof value === 'string' ? [] : undefined;
  if (member === 'function_call') return [[...at, 'name']];
  if (member !== 'tool_calls') return undefined;
  return asArray(value).flatMap((_, index) => {
    const call = [...at, index];
    return [
      [...call, 'id'],
      [...call, 'function', 'name'],
      [...call, 'custom', 'name'],
    ];
  });
}
