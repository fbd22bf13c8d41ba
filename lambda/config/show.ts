/** Words for what stands in a configuration file: short, on one line, and never the value of a secret. */
import type { Path } from './problem.ts';

const LONGEST_TEXT = 60;

/** Shapes of values that may be credentials: known prefixes, unbroken random runs, URLs with a user part. */
const SECRET_SHAPES: readonly RegExp[] = [
  /(?:^|[^A-Za-z0-9])(?:sk|pk|rk|ghp|gho|glpat|xox[abp]|kt_gk)[-_][A-Za-z0-9_-]{8,}/,
  /(?:AKIA|AIza|eyJ)[A-Za-z0-9_-]{12,}/,
  /(?=[A-Za-z0-9]*[0-9])(?=[A-Za-z0-9]*[A-Za-z])[A-Za-z0-9]{24,}/,
  /[A-Za-z0-9+/_=-]{48,}/,
  /:\/\/[^/\s]*@/,
  /\bBearer\s+\S/i,
];

/** Fields whose text is a secret, or is where people paste one by mistake. */
const SECRET_PLACES: readonly RegExp[] = [
  /^secret_key_ref$/,
  /^header$/,
  /(?:key|token|secret|password)(?:_ref)?$/i,
];

/** True when a text has the shape of a credential. */
export function looksSecret(text: string): boolean {
  return SECRET_SHAPES.some((shape) => shape.test(text));
}

/** A text as it may be shown: whole when short, cut when long, only its length when it may be a secret. */
export function showText(text: string): string {
  if (looksSecret(text)) return `(a text of ${text.length} characters, not shown)`;
  const shown = text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
  return JSON.stringify(shown);
}

/** A value in words, for the field at the given place. */
export function showValue(value: unknown, path: Path): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'an empty value';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object') return Object.keys(value).length === 0 ? 'an empty mapping' : 'a mapping';
  if (isSecretPlace(path)) return 'a value that is not shown';
  if (typeof value === 'string') return `the text ${showText(value)}`;
  if (typeof value === 'number') return `the number ${value}`;
  return value === true ? 'true' : 'false';
}

/** Writes a path as people do: `providers.targets[0].id`; unusual keys are quoted. */
export function formatPath(path: Path): string {
  let text = '';
  for (const part of path) {
    if (typeof part === 'number') text += `[${part}]`;
    else if (/^[A-Za-z_][\w-]*$/.test(part) && part.length <= LONGEST_TEXT && !looksSecret(part))
      text += text === '' ? part : `.${part}`;
    else text += `[${showText(part)}]`;
  }
  return text;
}

function isSecretPlace(path: Path): boolean {
  return path.some((part) => typeof part === 'string' && SECRET_PLACES.some((place) => place.test(part)));
}
