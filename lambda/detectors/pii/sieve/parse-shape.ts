/** Reads the part of regular expressions that shapes of identifiers are written in, as a tree. */

export type Shape =
  | { readonly kind: 'set'; readonly has: ReadonlySet<number> }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Shape[] }
  | { readonly kind: 'repeat'; readonly part: Shape; readonly least: number; readonly most: number };

interface Reader {
  readonly source: string;
  index: number;
  /** The groups that a number may refer back to. */
  readonly groups: Shape[];
}

const range = (first: string, last: string): readonly number[] => {
  const from = first.charCodeAt(0);
  return Array.from({ length: last.charCodeAt(0) - from + 1 }, (_, offset) => from + offset);
};
const DIGITS = range('0', '9');
const WORD = [...DIGITS, ...range('A', 'Z'), ...range('a', 'z'), '_'.charCodeAt(0)];
const setOf = (codes: readonly number[]): Shape => ({ kind: 'set', has: new Set(codes) });
const counted = /\{(\d+)(?:,(\d*))?\}/y;

/**
 * Sets, groups, choices and counts; a reference to a group stands for whatever the group may be.
 * @throws TypeError at anything else, look-around included.
 */
export function parseShape(source: string): Shape {
  const reader: Reader = { source, index: 0, groups: [] };
  const shape = readChoice(reader);
  if (reader.index < source.length) throw unknown(reader);
  return shape;
}

const unknown = ({ source, index }: Reader): TypeError =>
  new TypeError(`a shape can't have ${source.slice(index, index + 3)} in it: ${source}`);

function readChoice(reader: Reader): Shape {
  const parts = [readSequence(reader)];
  while (reader.source[reader.index] === '|') {
    reader.index++;
    parts.push(readSequence(reader));
  }
  const [only] = parts;
  return parts.length === 1 && only !== undefined ? only : { kind: 'choice', parts };
}

function readSequence(reader: Reader): Shape {
  const parts: Shape[] = [];
  while (reader.index < reader.source.length && !'|)'.includes(reader.source[reader.index] ?? ''))
    parts.push(readCount(reader, readPart(reader)));
  return { kind: 'sequence', parts };
}

function readCount(reader: Reader, part: Shape): Shape {
  const sign = reader.source[reader.index] ?? '';
  if (sign === '?') {
    reader.index++;
    return { kind: 'repeat', part, least: 0, most: 1 };
  }
  if (sign !== '{') return part;
  counted.lastIndex = reader.index;
  const found = counted.exec(reader.source);
  if (found === null) throw unknown(reader);
  reader.index += found[0].length;
  const least = Number(found[1]);
  return { kind: 'repeat', part, least, most: found[2] === undefined ? least : Number(found[2]) };
}

function readPart(reader: Reader): Shape {
  const { source } = reader;
  const sign = source[reader.index++] ?? '';
  if (sign === '[') return readSet(reader);
  if (sign === '(') return readGroup(reader);
  if (sign === '\\') {
    const escaped = source[reader.index++] ?? '';
    const group = reader.groups[Number(escaped) - 1];
    if (group !== undefined) return group;
    return setOf(codesOf(escaped));
  }
  if ('.*+?^$'.includes(sign)) throw unknown(reader);
  return setOf([sign.charCodeAt(0)]);
}

function readGroup(reader: Reader): Shape {
  const isOpen = reader.source.startsWith('?:', reader.index);
  if (isOpen) reader.index += 2;
  else if (reader.source[reader.index] === '?') throw unknown(reader);
  const shape = readChoice(reader);
  if (reader.source[reader.index++] !== ')') throw unknown(reader);
  if (!isOpen) reader.groups.push(shape);
  return shape;
}

const codesOf = (escaped: string): readonly number[] =>
  escaped === 'd' ? DIGITS : escaped === 'w' ? WORD : [escaped.charCodeAt(0)];

function readSet(reader: Reader): Shape {
  const { source } = reader;
  const codes: number[] = [];
  if (source[reader.index] === '^') throw unknown(reader);
  while (source[reader.index] !== ']') {
    const sign = source[reader.index++];
    if (sign === undefined) throw unknown(reader);
    const last = source[reader.index + 1];
    if (sign === '\\') codes.push(...codesOf(source[reader.index++] ?? ''));
    else if (source[reader.index] === '-' && last !== undefined && last !== ']') {
      codes.push(...range(sign, last));
      reader.index += 2;
    } else codes.push(sign.charCodeAt(0));
  }
  reader.index++;
  return setOf(codes);
}
