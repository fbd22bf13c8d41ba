/** The views of a text in which an attack is looked for: as it stands, and with what hides it undone. */
import { withoutLeet, withoutLookAlikes, withoutSpacing, withRunsParted } from './disguises.ts';
import {
  fromBase64,
  fromCharacterCodes,
  fromHex,
  fromTags,
  reversed,
  rot13,
  withoutEntities,
  withoutEscapes,
  withoutPercents,
} from './encodings.ts';
import { traitsOf, type Traits } from './traits.ts';

export type ViewName =
  | 'plain'
  | 'look-alikes'
  | 'leet'
  | 'spaced'
  | 'base64'
  | 'hex'
  | 'character-codes'
  | 'tags'
  | 'url'
  | 'entities'
  | 'escapes'
  | 'rot13'
  | 'reversed';

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

/** UTF-16 units of a text of which disguised and decoded views are made. */
const MOST_VIEWED = 200_000;

/** The views of a text beside the plain one; most texts have none. */
export function hiddenViews(text: string, options: ViewOptions): readonly View[] {
  const traits = traitsOf(text);
  const head = text.length > MOST_VIEWED ? text.slice(0, MOST_VIEWED) : text;
  const views = [...disguised(head, traits, options), ...(options.decode ? decoded(head, traits) : [])];
  return views.filter((view) => view.text !== '' && view.text !== text);
}

function disguised(text: string, traits: Traits, { normalize, homoglyphs }: ViewOptions): readonly View[] {
  const views: View[] = [];
  const add = (name: ViewName, view: string): void => void views.push({ name, text: view, isDecoded: false });
  const latin = homoglyphs && traits.hasNonAscii ? withoutLookAlikes(text) : text;
  if (latin !== text) add('look-alikes', latin);
  if (!normalize) return views;
  if (traits.hasMixedWord) {
    add('leet', withoutLeet(latin, 'i'));
    if (latin.includes('1')) add('leet', withoutLeet(latin, 'l'));
  }
  if (traits.hasSpacedLetters) add('spaced', withoutSpacing(latin));
  if (traits.hasLongRun) add('spaced', withRunsParted(latin));
  return views;
}

function decoded(text: string, traits: Traits): readonly View[] {
  const views: View[] = [];
  const add = (name: ViewName, found: readonly string[]): void =>
    void views.push(...found.map((view) => ({ name, text: view, isDecoded: true })));
  if (traits.hasLongRun) add('base64', fromBase64(text));
  if (traits.hasLongHexRun) {
    add('hex', fromHex(text));
    add('character-codes', fromCharacterCodes(text));
  }
  if (traits.hasNonAscii) add('tags', [fromTags(text)]);
  if (text.includes('%')) add('url', [withoutPercents(text)]);
  if (text.includes('&')) add('entities', [withoutEntities(text)]);
  if (text.includes('\\')) add('escapes', [withoutEscapes(text)]);
  return views;
}

/** Views for which the words of the plain text give the reason: nothing else betrays ROT13 or reversal. */
export function ciphered(text: string, cipher: 'rot13' | 'reversed'): readonly View[] {
  if (cipher === 'rot13') return [{ name: 'rot13', text: rot13(text), isDecoded: true }];
  const words = text.split(/\s+/).map(reversed).join(' ');
  return [reversed(text), words].map((view) => ({ name: 'reversed', text: view, isDecoded: true }));
}
