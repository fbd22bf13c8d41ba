/** Tells apart what the operating system reports. */

/** True when the system gave this reason, e.g. `ENOENT`. */
export function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
