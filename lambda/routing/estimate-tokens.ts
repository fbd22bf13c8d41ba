/**
 * An upper bound of the tokens in a prompt, from its characters alone: no vocabulary has to be loaded, and no
 * request that is too large slips through because its target's tokenizer is not the one that was counted with.
 *
 * Measured against eight tokenizers (o200k, cl100k, Claude, Gemini, Llama 2 and 3, DeepSeek, Qwen) on prose in 23
 * languages, code, JSON, and random letters, digits, base64 and hex: never below any of them, but for endless
 * pronounceable gibberish without a blank (0.94 of Llama 2). How far above: English and code 1.4 to 2.0 times the
 * highest of the eight and 1.8 to 2.3 times o200k; other scripts, which are bounded by their bytes, up to 3 times the
 * highest. docs/routing.md has the table.
 */

/** Tokens that a message costs besides its text: role, separators. */
const PER_TEXT = 8;

/** Tokens a request costs besides its messages. */
const PER_REQUEST = 16;

/**
 * The pairs of letters that make up 99 % of English text, by first letter. Vocabularies are learned from such
 * text: inside a common pair a token seldom ends, inside any other it mostly does.
 */
const COMMON_PAIRS =
  'a:bcdfgiklmnprstuvwxy b:aeijlorstuy c:acehiklorstuy d:adegilorsuvy e:abcdefghilmnopqrstuvwxy ' +
  'f:aefilortuy g:aeghilnorsuy h:aeilnortuy i:abcdefgklmnopqrstvxz j:aeou k:eins ' +
  'l:adefilmnopstuvwy m:abeimopsuy n:acdefgiklmnopstuvy o:abcdefgijklmnoprstuvwy p:aehiloprstuy ' +
  'q:u r:acdefgiklmnoprstuvy s:acefhiklmnoprstuwy t:acefhilmnoprstuwy u:abcdegilmnprst v:aeio ' +
  'w:aehinors x:aceipt y:eilmnopst z:aei';

const FIRST_LETTER = 1;
const AFTER_COMMON_PAIR = 0.34;
const AFTER_RARE_PAIR = 0.95;
/** A capital inside a word, as in camelCase, base64 and WORDS LIKE THESE. */
const CAPITAL_WITHIN = 0.85;
/** Runs of blanks are few tokens in every vocabulary, sixteen to one at least. */
const FURTHER_SPACE = 0.1;

/** One bit for each second letter, by first letter. */
const commonAfter: readonly number[] = COMMON_PAIRS.split(' ').map((row) => {
  let bits = 0;
  for (let index = 2; index < row.length; index += 1) bits |= 1 << (row.charCodeAt(index) - 0x61);
  return bits;
});

/** At least as many tokens as any common tokenizer makes of the texts. */
export function estimatePromptTokens(texts: readonly string[]): number {
  let tokens = PER_REQUEST;
  for (const text of texts) tokens += PER_TEXT + boundOfText(text);
  return Math.ceil(tokens);
}

function boundOfText(text: string): number {
  let tokens = 0;
  let previous = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (isLetter(code)) tokens += costOfLetter(code, previous);
    else if (code === SPACE) tokens += costOfSpace(previous, text.charCodeAt(index + 1));
    else tokens += costOfOther(code);
    previous = code;
  }
  return tokens;
}

const SPACE = 0x20;

function costOfLetter(code: number, previous: number): number {
  if (!isLetter(previous)) return FIRST_LETTER;
  if (code < 0x61) return CAPITAL_WITHIN;
  const row = commonAfter[(previous | 0x20) - 0x61] ?? 0;
  return (row >> (code - 0x61)) & 1 ? AFTER_COMMON_PAIR : AFTER_RARE_PAIR;
}

/** A blank before a word is part of the word's first token. */
function costOfSpace(previous: number, next: number): number {
  if (previous === SPACE) return FURTHER_SPACE;
  return isLetter(next) ? 0 : 1;
}

/** Every tokenizer in use falls back to bytes: no character costs more tokens than it has bytes in UTF-8. */
function costOfOther(code: number): number {
  if (code < 0x80) return 1;
  if (code < 0x800) return 2;
  return code >= 0xd800 && code <= 0xdfff ? 2 : 3;
}

function isLetter(code: number): boolean {
  const lower = code | 0x20;
  return lower >= 0x61 && lower <= 0x7a;
}
