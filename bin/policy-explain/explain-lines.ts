/** Explains many texts, one JSON line each, in their order. */
import { isObject, parseObject } from '../upstream/json.ts';
import { CommandFailure } from '../terminal.ts';
import type { Phase, Role } from '../../lambda/wire/lane.ts';
import { explainText, explanationJson, type ExplainSettings, type TextToExplain } from './explain-text.ts';

const ROLES: readonly Role[] = ['system', 'developer', 'user', 'assistant', 'tool'];
const PHASES: readonly Phase[] = ['input', 'output'];

/**
 * Gives one text of several lines for each chunk that was read.
 * Throws CommandFailure 1 that names the first line that is not `{id, text, role?, phase?}`.
 */
export async function* explainLines(
  chunks: AsyncIterable<string>,
  settings: ExplainSettings,
): AsyncGenerator<string> {
  let rest = '';
  let number = 0;
  const explain = (line: string): string => {
    number += 1;
    return line.trim() === '' ? '' : explainLine(line, number, settings);
  };
  for await (const chunk of chunks) {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    if (lines.length > 0) yield lines.map(explain).join('');
  }
  if (rest !== '') yield explain(rest);
}

function explainLine(line: string, number: number, settings: ExplainSettings): string {
  const entry = parseObject(line);
  if (!isObject(entry)) throw refuse(number, 'it is no JSON object');
  const { id } = entry;
  if (typeof id !== 'string' && typeof id !== 'number')
    throw refuse(number, 'id is missing, or neither text nor a number');
  const explanation = explainText(readText(entry, number), settings);
  return `${JSON.stringify({ id, ...explanationJson(explanation) })}\n`;
}

function readText(entry: Readonly<Record<string, unknown>>, number: number): TextToExplain {
  const { text, role = 'user', phase = 'input' } = entry;
  const knownRole = ROLES.find((known) => known === role);
  const knownPhase = PHASES.find((known) => known === phase);
  if (typeof text !== 'string') throw refuse(number, 'text is missing, or no text');
  if (knownRole === undefined) throw refuse(number, `role is none of ${ROLES.join(', ')}`);
  if (knownPhase === undefined) throw refuse(number, `phase is none of ${PHASES.join(', ')}`);
  return { text, role: knownRole, phase: knownPhase };
}

function refuse(number: number, what: string): CommandFailure {
  return new CommandFailure(1, `line ${number} of the input: ${what}; allowed is {id, text, role?, phase?}`);
}
