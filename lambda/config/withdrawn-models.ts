/** Models that AIML API has withdrawn: it answers 404 for them. Source: docs.aimlapi.com, deprecations, 2026-08. */

/** Replacement by withdrawn id; undefined where none is named. */
const WITHDRAWN: ReadonlyMap<string, string | undefined> = new Map([
  ['claude-3-5-sonnet-20241022', 'anthropic/claude-sonnet-4.6'],
  ['gemini-2.0-flash', undefined],
  ['grok-beta', undefined],
]);

export interface Withdrawal {
  readonly replacement?: string;
}

/** Whether a model is known to be withdrawn; ids count with and without the vendor before the slash. */
export function findWithdrawal(model: string): Withdrawal | undefined {
  const bare = model.replace(/^(?:anthropic|google|x-ai)\//, '');
  if (!WITHDRAWN.has(bare)) return undefined;
  const replacement = WITHDRAWN.get(bare);
  return replacement === undefined ? {} : { replacement };
}
