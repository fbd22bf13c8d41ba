/** An upper bound of the tokens in a prompt, from its characters alone. */

/** Tokens that a message costs besides its text: role, separators. */
const PER_TEXT = 8;

/** Tokens a request costs besides its messages. */
const PER_REQUEST = 16;

/** At least as many tokens as any common tokenizer makes of the texts. */
export function estimatePromptTokens(texts: readonly string[]): number {
  let tokens = PER_REQUEST;
  for (const text of texts) tokens += PER_TEXT + boundOfText(text);
  return Math.ceil(tokens);
}

function boundOfText(text: string): number {
  let tokens = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    // Every tokenizer in use falls back to bytes, so no character costs more tokens than it has bytes in UTF-8.
    if (code >= 0x800) tokens += code >= 0xd800 && code <= 0xdfff ? 2 : 3;
    else if (code >= 0x80) tokens += 2;
    else tokens += isLetter(code) ? 0.75 : 1;
  }
  return tokens;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
