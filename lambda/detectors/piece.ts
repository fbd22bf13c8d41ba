/** The unit in which judged text is released. */

/**
 * A run of judged text. A verbatim piece stands for `length` UTF-16 units of the source and is equal to them;
 * a replacement stands for `length` units too, shows `text` instead, and says why in `mark`.
 */
export interface Piece {
  readonly text: string;
  readonly length: number;
  readonly mark?: Mark;
}

export interface Mark {
  /** The kind of finding, e.g. EMAIL. */
  readonly type: string;
  /** True when an original was put back (reversible redaction): no finding, so not counted. */
  readonly restored?: boolean;
  /** True when the finding before this piece goes on in it (an unbounded match that is swallowed). */
  readonly continues?: boolean;
}
