/** Names, addresses and dates of birth within a phrase; precision before recall, since all are opt-in. */
import { type Candidate, CHECKED, LABELLED } from '../candidate.ts';
import type { Labels } from '../labels.ts';
import { FIRST_NAMES } from './first-names.ts';

export interface Phrase {
  /** The text before the phrase, then the phrase; normalised. */
  readonly text: string;
  /** Where in `text` the phrase starts. */
  readonly from: number;
  readonly labels: Labels;
}

export type PhraseFinder = (phrase: Phrase) => readonly Candidate[];

const gap = String.raw`[ \t]+`;
const big = String.raw`\p{Lu}[\p{L}'’-]+`;
const particle = String.raw`(?:d[aeiou]s?|del|della|van|von|der|den|ter|la|le|bin|ibn|al)`;
const fullName = String.raw`${big}(?:${gap}(?:\p{Lu}\.|(?:${particle}${gap}){0,2}${big})){0,3}`;
const titles =
  'Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Sir|Madam|Herr|Frau|Mme|Mlle|Monsieur|Madame|Sr|Sra|Srta|Señora?|Senhora?|Dona?|Doña|Dott|Dottoressa|Sig|Signora?';
const titled = new RegExp(String.raw`(?<![\p{L}\d])(?:${titles})\.?${gap}(${fullName})`, 'gu');
const introduced = new RegExp(
  String.raw`(?:[Mm]y name is|[Nn]ame:|[Nn]ame is|[Ss]igned,?|[Jj]e m['’]appelle|[Mm]on nom est|[Nn]om:|[Ii]ch heiße|[Mm]ein Name ist|` +
    String.raw`[Mm]e llamo|[Mm]i nombre es|[Nn]ombre:|[Mm]eu nome é|[Cc]hamo-me|[Nn]ome:|[Mm]i chiamo|[Ii]l mio nome è)\s+(${fullName})`,
  'gu',
);
const anyName = new RegExp(
  String.raw`(?<![\p{L}\d])(${big})(?:${gap}(?:\p{Lu}\.|(?:${particle}${gap}){0,2}${big})){1,2}(?![\p{L}\d])`,
  'gu',
);

/** A name with a number behind it is a street's. */
const houseNumber = /^[ ]\d/;

/** A title or an introduction before it, or a common first name and one more name. */
export const findPersons: PhraseFinder = ({ text, from }) => {
  const found: Candidate[] = [];
  for (const expression of [titled, introduced])
    for (const match of text.matchAll(expression)) {
      const name = match[1] ?? '';
      const start = match.index + match[0].length - name.length;
      if (start >= from) found.push({ type: 'PERSON', start, end: start + name.length, weight: CHECKED });
    }
  for (const match of text.slice(from).matchAll(anyName)) {
    const start = from + match.index;
    const isStreet =
      houseNumber.test(text.slice(start + match[0].length)) || /\d[ ]$/.test(text.slice(0, start));
    if (!isStreet && FIRST_NAMES.has((match[1] ?? '').toLowerCase()))
      found.push({ type: 'PERSON', start, end: start + match[0].length, weight: LABELLED });
  }
  return found;
};

const word = String.raw`[\p{Lu}\d][\p{L}\d.'’-]*`;
const words = (most: number): string =>
  String.raw`${word}(?:[ ](?:(?:de|del|della|di|do|da|dos|das|du|des|la|le|les|el|of|the)[ ])*${word}){0,${most - 1}}`;
const unit = String.raw`(?:,?[ ](?:Apt|Apartment|Suite|Ste|Unit|Floor|Room|#)\.?[ ]?[\w-]{1,6})?`;
const town = String.raw`(?:,?\s(?:[A-Z]{1,2}-?)?\d{4,5}(?:-\d{3,4})?[ ]\p{Lu}[\p{L}-]+|,[ ]\p{Lu}[\p{L} .-]{2,30}(?:,?[ ][A-Z]{2})?(?:[ ]\d{4,5}(?:-\d{4})?)?)?`;
const addressForms: readonly RegExp[] = [
  String.raw`\d{1,5}[A-Za-z]?[ ]${words(4)}[ ](?:Street|St|Avenue|Ave|Road|Rd|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Place|Pl|Square|Sq|Terrace|Parkway|Pkwy|Highway|Hwy|Way|Close|Crescent)(?![\p{L}])\.?${unit}${town}`,
  String.raw`(?:\p{Lu}[\p{L}-]*(?:straße|strasse|str\.|weg|platz|allee|gasse|ring|damm|ufer|straat|laan|plein)|\p{Lu}\p{L}+[ ](?:Straße|Strasse|Str\.|Weg|Platz|Allee))[ ]\d{1,4}[ ]?[a-z]?(?![\p{L}\d])${town}`,
  String.raw`\d{1,4}(?:[ ]?(?:bis|ter))?,?[ ](?:[Rr]ue|[Aa]venue|[Bb]oulevard|[Pp]lace|[Cc]hemin|[Ii]mpasse|[Aa]llée|[Qq]uai|[Rr]oute|[Cc]ours)[ ](?:(?:de|du|des|la|le|les|l['’]|d['’])[ ]?)*${words(4)}${town}`,
  String.raw`(?:[Cc]alle|C/|[Aa]venida|[Aa]vda\.?|[Pp]laza|[Pp]aseo|[Rr]ua|[Tt]ravessa|[Pp]raça|[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso|[Ll]argo)[ ](?:(?:de|del|della|dei|di|do|da|dos|das|la|los|las)[ ])*${words(4)},?[ ](?:n[º°.]?[ ]?)?\d{1,5}[a-z]?(?![\p{L}\d])${town}`,
].map((form) => new RegExp(String.raw`(?<![\p{L}\d])${form}`, 'gu'));

/** A street with its number, and the town behind it. */
export const findAddresses: PhraseFinder = ({ text, from }) =>
  addressForms.flatMap((form) =>
    [...text.slice(from).matchAll(form)].map((match) => ({
      type: 'ADDRESS',
      start: from + match.index,
      end: from + match.index + match[0].trimEnd().length,
      weight: LABELLED,
    })),
  );

const day = String.raw`(?:0?[1-9]|[12]\d|3[01])`;
const month = String.raw`(?:0?[1-9]|1[0-2])`;
const year = String.raw`(?:(?:18|19|20)\d\d)`;
const monthName = String.raw`\p{L}{3,10}\.?`;
const date = new RegExp(
  String.raw`(?<![\p{L}\d.\-/])(?:${year}([-/.])${month}\1${day}|${day}([-/.])${month}\2(?:${year}|\d\d)|${month}([-/.])${day}\3(?:${year}|\d\d)|` +
    String.raw`${day}(?:st|nd|rd|th|er|\.)?[ ](?:de[ ])?${monthName},?[ ](?:de[ ])?${year}|${monthName}[ ]${day}(?:st|nd|rd|th)?,?[ ]${year})(?![\p{L}\d]|[.\-/]\d)`,
  'gu',
);
const BIRTH_REACH = 3;

/** A date that a word for birth stands before. */
export const findBirthDates: PhraseFinder = ({ text, from, labels }) => {
  const found: Candidate[] = [];
  for (const match of text.slice(from).matchAll(date)) {
    const start = from + match.index;
    if (labels.isNamed('birth', start, BIRTH_REACH))
      found.push({ type: 'DATE_OF_BIRTH', start, end: start + match[0].length, weight: CHECKED });
  }
  return found;
};
