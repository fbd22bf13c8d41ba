/** Cuts text into pieces as a model streams them: a word with the space before it, or a mark. */

const TOKEN = /\s*(?:[\p{L}\p{M}]{1,8}|\p{N}{1,3}|[^\s\p{L}\p{M}\p{N}]{1,2})|\s+/gu;

/** The pieces of a text; joined, they are the text. A list passes as it is. */
export function tokensOf(text: string | readonly string[]): readonly string[] {
  return typeof text === 'string' ? (text.match(TOKEN) ?? []) : text;
}

/** The text as one string. */
export const textOf = (text: string | readonly string[]): string =>
  typeof text === 'string' ? text : text.join('');
