/** What the official OpenAI client for Python reads through the gateway, in every format, whole and streamed. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Answer } from '../../../bin/upstream/aimlapi-upstream.ts';
import { pythonWith } from '../../support/python.ts';
import { COMPLETIONS_MODEL } from './door.ts';

/** What upstream says to every question of the client. */
export const PYTHON_ANSWER: Answer = {
  text: 'Card 4111 1111 1111 1111 for [EMAIL_1].',
  reasoning: 'I think of 4111 1111 1111 1111',
  toolCalls: [{ name: 'pay', arguments: '{"card":"4111 1111 1111 1111","to":"[EMAIL_1]"}' }],
};

const spoken = 'Card [CREDIT_CARD_REDACTED] for jane.doe@example.com.';
const lanes = {
  spoken,
  reasoning: 'I think of [CREDIT_CARD_REDACTED]',
  called: '{"card":"[CREDIT_CARD_REDACTED]","to":"jane.doe@example.com"}',
};

const ofFormat = (name: string, said: object) =>
  ['whole', 'streamed'].flatMap((how) => [
    [`${name}, ${how}`, said] as const,
    [`${name}, ${how}, blocked`, [409, 'input_blocked']] as const,
    [`${name}, ${how}, no key`, [401, 'invalid_api_key']] as const,
  ]);

/** What the client has to print. */
export const PYTHON_HEARS: readonly (readonly [string, unknown])[] = [
  ...ofFormat('chat', { ...lanes, end: 'tool_calls' }),
  ...ofFormat('responses', { ...lanes, end: 'completed' }),
  ...ofFormat('completions', { spoken, end: 'stop' }),
  ['chat, broken', [null, 'upstream_error']],
  ['responses, broken', [null, 'upstream_error']],
  ['embeddings', [16, 16]],
  ['embeddings, blocked', [409, 'input_blocked']],
  ['models', true],
];

/** Asks everything once; or says what is missing for it. */
export async function askWithPython(
  origin: string,
  key: string,
): Promise<{ readonly heard: readonly (readonly [string, unknown])[] } | { readonly missing: string }> {
  const found = await pythonWith('openai', ['openai==2.6.1']);
  if ('missing' in found) return found;
  const script = ['test/contract/python/client.py', `${origin}/v1`, key, COMPLETIONS_MODEL];
  const { stdout } = await promisify(execFile)(found.python, script, { timeout: 60_000 });
  const lines = stdout.trim().split('\n');
  return { heard: lines.map((line) => nameAndValue(JSON.parse(line))) };
}

function nameAndValue(line: unknown): readonly [string, unknown] {
  if (typeof line !== 'object' || line === null || !('name' in line) || !('value' in line))
    throw new TypeError('the client for Python printed something else');
  return [String(line.name), line.value];
}
