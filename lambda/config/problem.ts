/** One mistake, or one thing worth knowing, in a policy configuration. */

/**
 * E001 unknown kind, E002 unknown key, E003 kind without settings (warning), E004 bad value, E005 reference to
 * something that is not there (or is there twice), E006 coverage. Faults of the YAML itself carry no code.
 */
export type ProblemCode = 'E001' | 'E002' | 'E003' | 'E004' | 'E005' | 'E006';

/** Keys and list positions from the root of the file. */
export type Path = readonly (string | number)[];

export interface Problem {
  readonly code?: ProblemCode;
  /** A warning never stops the gateway. */
  readonly severity: 'error' | 'warning';
  /** e.g. `providers.targets[0].base_url`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  /** What stands there, in words; never the value of a secret. */
  readonly seen?: string;
  readonly allowed?: string;
  /** The fix. */
  readonly suggestion?: string;
  /** Counted from 1. */
  readonly line?: number;
  readonly file?: string;
}

/** A problem that does not know yet where in which file it stands. */
export type Finding = Omit<Problem, 'path' | 'line' | 'file'> & { readonly path: Path };

export type FindingDetails = Pick<Problem, 'seen' | 'allowed' | 'suggestion'>;

/** Makes a finding of severity error. */
export function mistake(
  code: ProblemCode,
  path: Path,
  message: string,
  details: FindingDetails = {},
): Finding {
  return { code, severity: 'error', path, message, ...details };
}

/** Makes a finding of severity warning. */
export function remark(
  code: ProblemCode | undefined,
  path: Path,
  message: string,
  details: FindingDetails = {},
): Finding {
  return { ...(code === undefined ? {} : { code }), severity: 'warning', path, message, ...details };
}
