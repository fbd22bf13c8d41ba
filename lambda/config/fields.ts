/**
 * The building blocks of the file's schema. What `.meta()` says of a field goes into the manual and into the
 * linter's messages: `description`, `unit`, `allowed` (where the type alone does not say it) and
 * `byDefault` (where the default is no constant).
 */
import * as z from 'zod';

/** True or false, with a default. */
export function flag(byDefault: boolean, description: string) {
  return z.boolean().default(byDefault).meta({ description });
}

/** A whole number within bounds. */
export function whole(least: number, most: number) {
  return z.int().min(least).max(most);
}

/** A whole number of seconds within bounds. */
export function seconds(least: number, most: number) {
  return whole(least, most).meta({ unit: 'seconds' });
}

/** Text that is not blank. */
export function text(most: number) {
  return z
    .string()
    .max(most)
    .regex(/\S/)
    .meta({ allowed: `text of 1 to ${most} characters` });
}

/** A share of something; only the proportion to its siblings counts. */
export function weight() {
  return z.number().gt(0).max(1_000_000).meta({ allowed: 'a number above 0' });
}

/** What the manual and the messages may know of a field beyond its type. */
export interface FieldNotes {
  readonly description?: string;
  readonly unit?: string;
  readonly allowed?: string;
  readonly byDefault?: string;
}
