/** The configuration's own patterns of attack, run by an engine whose time is linear in the text. */

/** True when any of the patterns is found in the text. */
export type AttackMatcher = (text: string) => boolean;

/** Compiles the patterns (RE2 syntax). The engine is loaded here, so that who has no patterns never pays for it. */
export async function compileAttackPatterns(patterns: readonly string[]): Promise<AttackMatcher> {
  const { RE2JS } = await import('re2js');
  const compiled = patterns.map((pattern) => RE2JS.compile(pattern));
  return (text) => compiled.some((pattern) => pattern.matcher(text).find());
}
