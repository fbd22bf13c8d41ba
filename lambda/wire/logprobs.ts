/** The text that logprobs repeat: the tokens of the answer, and those that stood beside them for choice. */
import { asArray, asObject, asString, isObject } from './json-value.ts';
import type { JsonPath, JsonValue } from './json-value.ts';
import { ASSISTANT, located } from './located.ts';
import type { LocatedText } from './wire-format.ts';

/**
 * The texts of the logprobs that stand at `at`. They are judged by themselves, since nothing makes upstream send
 * a token in the chunk that has its text; what would have to change takes all logprobs of the chunk away.
 * @param lane where they stand in the assembled reply.
 */
export function logprobTexts(
  value: JsonValue | undefined,
  at: JsonPath,
  lane: JsonPath,
): { readonly tokens: readonly LocatedText[]; readonly alternatives: readonly LocatedText[] } {
  const runs = runsOf(value);
  const gathered = (text: string, lanePath: JsonPath): readonly LocatedText[] =>
    text === ''
      ? []
      : [located(text, at, ASSISTANT, 'message', { lanePath, isRepetition: true, isGathered: true })];
  return {
    tokens: runs.flatMap(({ name, tokens }) => gathered(tokens.join(''), [...lane, name])),
    alternatives: runs.flatMap(({ name, others }) =>
      gathered([...new Set(others)].join('\n'), [...lane, name, 'top']),
    ),
  };
}

interface Run {
  readonly name: string;
  readonly tokens: readonly string[];
  readonly others: readonly string[];
}

/** Lists of `{token, top_logprobs}` under any name (chat, Responses), or the lists `tokens` and `top_logprobs`. */
function runsOf(value: JsonValue | undefined): readonly Run[] {
  if (Array.isArray(value)) return [runOf('content', value)];
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, list]) => (Array.isArray(list) ? [runOf(name, list)] : []));
}

function runOf(name: string, list: readonly JsonValue[]): Run {
  const others: string[] = [];
  const tokens = list.map((item) => {
    if (typeof item === 'string') return item;
    const entry = asObject(item);
    for (const other of asArray(entry?.['top_logprobs'])) {
      const token = asString(asObject(other)?.['token']);
      if (token !== undefined) others.push(token);
    }
    const token = asString(entry?.['token']);
    // The lists of completions map each token that could have stood here to its logprob.
    if (entry !== undefined && token === undefined) others.push(...Object.keys(entry));
    return token ?? '';
  });
  return { name, tokens, others };
}
