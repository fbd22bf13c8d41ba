/** What the search for personal data finds, and the interface of everything that searches a lane. */

/** A stretch of text that is personal data; offsets in UTF-16 units from the start of the lane. */
export interface Finding {
  /** The kind of personal data, e.g. EMAIL; for a pattern of the configuration its name. */
  readonly type: string;
  readonly start: number;
  readonly end: number;
  /** It continues the finding that ends where this one starts: a long key that is swallowed piece by piece. */
  readonly more?: boolean;
  /** It is a placeholder of reversible redaction, not personal data. */
  readonly placeholder?: boolean;
}

/**
 * Searches a lane as its text arrives. Law: what it reports depends on the characters of the lane alone,
 * never on how they were cut into calls.
 */
export interface Scanner {
  /**
   * Reads on from where the last call stopped. `text` holds the lane's characters from offset `base` on and
   * at least CONTEXT_UNITS before the offset that the last call returned. Appends final findings to `found`
   * in the order of their starts, and returns the offset before which no further finding starts.
   */
  scan(text: string, base: number, atEnd: boolean, found: Finding[]): number;
}

/** How much text before a candidate may decide about it: label words and the left boundary. */
export const CONTEXT_UNITS = 120;
