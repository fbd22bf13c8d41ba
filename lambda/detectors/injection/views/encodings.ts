/** Decodes what is hidden in a text by base64, hexadecimal and other encodings, with bounded work. */

/** Characters, at most, that are decoded of one piece, and pieces of one text. */
const MOST_CHARACTERS = 8_192;
const MOST_PIECES = 24;

/** Further lines belong to a piece only if nothing else stands on them. */
const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}(?:\r?\n[A-Za-z0-9+/_-]{2,}={0,2}(?=\r?\n|$))*/g;
const HEX = /(?:[0-9a-f]{2}[\s:,]?){8,}/gi;
const BINARY = /(?:[01]{8}[\s,]?){5,}/g;
const DECIMAL = /(?:\b(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])\b[\s,]{1,2}){7,}\d{2,3}\b/g;

/** Texts found in base64 pieces. */
export function fromBase64(text: string): readonly string[] {
  return piecesOf(text, BASE64, (piece) => [
    Buffer.from(piece.replace(/\s/g, ''), 'base64'),
    Buffer.from(piece.split(/\s/, 1)[0] ?? '', 'base64'),
  ]);
}

/** Texts found in runs of hexadecimal bytes. */
export function fromHex(text: string): readonly string[] {
  return piecesOf(text, HEX, (piece) => [Buffer.from(piece.replace(/[^0-9a-f]/gi, ''), 'hex')]);
}

/** Texts found in runs of binary or decimal character codes. */
export function fromCharacterCodes(text: string): readonly string[] {
  const bits = piecesOf(text, BINARY, (piece) => [bytesOf(piece, 2)]);
  return [...bits, ...piecesOf(text, DECIMAL, (piece) => [bytesOf(piece, 10)])];
}

function bytesOf(piece: string, radix: 2 | 10): Buffer {
  const numbers = radix === 2 ? piece.match(/[01]{8}/g) : piece.match(/\d+/g);
  return Buffer.from((numbers ?? []).map((number) => Number.parseInt(number, radix)));
}

function piecesOf(
  text: string,
  pattern: RegExp,
  decode: (piece: string) => readonly Buffer[],
): readonly string[] {
  const found: string[] = [];
  let pieces = 0;
  for (const [piece] of text.matchAll(pattern)) {
    pieces += 1;
    if (pieces > MOST_PIECES) break;
    const readable = decode(piece.slice(0, MOST_CHARACTERS))
      .map(readableText)
      .find((plain) => plain !== undefined);
    if (readable !== undefined) found.push(readable);
  }
  return found;
}

const LETTERS = /[\p{L}\s]/gu;

/** The bytes as text, when that is what they are: valid UTF-8, no control characters, mostly letters. */
function readableText(bytes: Buffer): string | undefined {
  if (bytes.length < 8 || hasControls(bytes.subarray(0, 64))) return undefined;
  const plain = bytes.toString('utf8');
  if (plain.slice(0, -1).includes('\ufffd')) return undefined;
  const letters = plain.match(LETTERS)?.length ?? 0;
  return letters / plain.length > 0.7 ? plain : undefined;
}

function hasControls(bytes: Buffer): boolean {
  return bytes.some((byte) => byte < 9 || (byte > 13 && byte < 32) || byte === 127);
}

/** The text with %xx, and plus signs beside them, decoded in place. */
export function withoutPercents(text: string): string {
  const decoded = text.replace(/(?:%[0-9a-f]{2})+/gi, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  );
  return decoded === text ? text : decoded.replace(/(?<=\p{L})\+(?=\p{L})/gu, ' ');
}

const NAMED: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  amp: '&',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  lbrack: '[',
  rbrack: ']',
  vert: '|',
};

/** The text with HTML character references decoded in place. */
export function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,6}));/gi, (whole, decimal, hex, name) => {
    if (typeof name === 'string') return NAMED[name.toLowerCase()] ?? whole;
    return characterOf(typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal)) ?? whole;
  });
}

/** The text with backslash escapes of source code decoded in place. */
export function withoutEscapes(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|u\{([0-9a-f]{1,6})\})/gi,
    (whole, byte: string | undefined, unit: string | undefined, point: string | undefined) =>
      characterOf(Number.parseInt(byte ?? unit ?? point ?? '', 16)) ?? whole,
  );
}

function characterOf(codePoint: number): string | undefined {
  return codePoint > 0 && codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : undefined;
}

/** What is written in Unicode's invisible tag characters, which mirror ASCII. */
export function fromTags(text: string): string {
  const tags = text.match(/[\u{e0020}-\u{e007e}]/gu) ?? [];
  return tags.map((tag) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000)).join('');
}

/** The text with each Latin letter moved by thirteen places. */
export function rot13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const code = letter.charCodeAt(0);
    const base = code < 97 ? 65 : 97;
    return String.fromCharCode(base + ((code - base + 13) % 26));
  });
}

/** The text read from its end. */
export function reversed(text: string): string {
  return Array.from(text).toReversed().join('');
}
