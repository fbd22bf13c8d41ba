/** The views of a text in which an attack is looked for: as it stands, and with what hides it undone. */

export type ViewName = 'plain';

export interface View {
  readonly name: ViewName;
  readonly text: string;
  /** True where the words were not readable before: base64, ROT13 and the like. */
  readonly isDecoded: boolean;
}

export interface ViewOptions {
  /** Undo encodings: base64, hex, URL, ROT13 and the like. */
  readonly decode: boolean;
  /** Undo width, hidden characters, spaced letters, digits for letters. */
  readonly normalize: boolean;
  /** Undo letters of other scripts that look like Latin ones. */
  readonly homoglyphs: boolean;
}

/** All views that a text has reason for; the plain one always, and first. */
export function viewsOf(text: string, _options: ViewOptions): readonly View[] {
  return [{ name: 'plain', text, isDecoded: false }];
}
