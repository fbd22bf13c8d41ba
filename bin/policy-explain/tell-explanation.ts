/** An explanation for people. */
import type { Paint } from '../terminal.ts';
import type { Explanation, ExplainSettings } from './explain-text.ts';

/** One block for each policy: its score, and beneath it what it found. */
export function tellExplanation(
  text: string,
  { injection, safety, personalData }: Explanation,
  settings: ExplainSettings,
  paint: Paint,
): string {
  const { threshold } = settings['prompt-injection'];
  const { mode } = settings['safety-filter'];
  const head = (kind: string, what: string): string => `${paint('bold', kind.padEnd(18))}${what}`;
  const quote = (start: number, end: number): string =>
    `${start}-${end}  ${paint('yellow', JSON.stringify(text.slice(start, end)))}`;
  const place = ({ view, start, end }: { view: string; start?: number; end?: number }): string =>
    start === undefined || end === undefined ? `in the ${view} view` : quote(start, end);
  return [
    injection === undefined
      ? head('prompt-injection', 'does not judge this role')
      : head(
          'prompt-injection',
          `${score(injection.score)}  ${verdict(injection.score >= threshold, `threshold ${threshold}`, paint)}`,
        ),
    ...(injection?.rules ?? []).map(
      (rule) => `  ${rule.name.padEnd(32)} ${score(rule.weight)}  ${place(rule)}`,
    ),
    head(
      'pii-detector',
      personalData.length === 0 ? 'nothing found' : paint('yellow', `${personalData.length} found`),
    ),
    ...personalData.map(({ type, start, end }) => `  ${type.padEnd(32)} ${quote(start, end)}`),
    head(
      'safety-filter',
      `${score(safety.score)}  ${verdict(
        safety.rules.some(({ isMet }) => isMet),
        `mode ${mode}`,
        paint,
      )}`,
    ),
    ...safety.rules.map(({ name, category, weight }) => `  ${name.padEnd(32)} ${score(weight)}  ${category}`),
    '',
  ].join('\n');
}

const score = (value: number): string => value.toFixed(3);

function verdict(objects: boolean, by: string, paint: Paint): string {
  return `${objects ? paint('red', 'objects') : paint('green', 'does not object')} ${paint('dim', `(${by})`)}`;
}
