/** A regular expression of the configuration, checked by compiling it with the engine that will run it. */
import { RE2JS } from 're2js';
import * as z from 'zod';

const LONGEST_PATTERN = 2000;

/** RE2 syntax: linear time, hence neither look-around nor back-references. */
export const pattern = z
  .string()
  .min(1)
  .max(LONGEST_PATTERN)
  .superRefine((source, context) => {
    const reason = patternFault(source);
    if (reason !== undefined) context.addIssue({ code: 'custom', message: reason });
  })
  .meta({ allowed: `a regular expression in RE2 syntax, 1 to ${LONGEST_PATTERN} characters` });

/** Why the engine cannot use a pattern; undefined when it can. */
export function patternFault(source: string): string | undefined {
  try {
    if (RE2JS.compile(source).matcher('').find())
      return 'the pattern matches the empty text, so it matches everywhere';
    return undefined;
  } catch (error) {
    const reason =
      error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'unknown reason';
    return `the linear-time engine cannot run this pattern: ${reason}`;
  }
}
