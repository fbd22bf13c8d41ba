/** Which words may open, continue and end a phrase that is personal data. */

/** Small words within names, addresses and dates. */
const LINKS = new Set(
  (
    'de del della delle dei di da do dos das du des d la le les las los el al a o e et y i und of the van von der den dem ' +
    'zu zum zur af av bin ibn ben bis ter st san santa'
  ).split(' '),
);
/** Words of addresses and dates that are written small. */
const SMALL_WORDS = new Set(
  (
    'rue avenue boulevard place chemin impasse quai allée route cours square via viale piazza corso largo calle avenida plaza ' +
    'paseo rua travessa street road lane drive court suite apt no nº n° janvier février mars avril mai juin juillet août ' +
    'septembre octobre novembre décembre enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre ' +
    'diciembre janeiro fevereiro março maio junho julho setembro outubro novembro dezembro gennaio febbraio aprile maggio ' +
    'giugno luglio settembre ottobre dicembre january february march april may june july august september october november december'
  ).split(' '),
);

const edges = /^[("'«]+|[)"'».,;:!?]+$/g;
const beginsBig = /^\p{Lu}/u;
const hasDigit = /^[#\p{Lu}]?\d/u;

const bare = (word: string): string => word.replace(edges, '');
const isSmall = (word: string): boolean => SMALL_WORDS.has(word.toLowerCase());

/** A capital, a digit, or a street word begins a phrase. */
export function opensPhrase(word: string): boolean {
  const plain = bare(word);
  return beginsBig.test(plain) || hasDigit.test(plain) || isSmall(plain);
}

/** The same or a small word between continues it. */
export function joinsPhrase(word: string): boolean {
  const plain = bare(word);
  return opensPhrase(plain) || LINKS.has(plain.toLowerCase().replace(/^d['’]/, ''));
}

const sentenceEnd = /[.!?;:]["')»]*$/;
/** A full stop after few letters or a number abbreviates: Mr., St., 12. */
const abbreviation = /^(?:\p{L}{1,4}|\p{L}{2,16}str|\d{1,4})\.$/u;

/** The end of a sentence ends the phrase with this word. */
export function endsPhrase(word: string): boolean {
  return sentenceEnd.test(word) && !abbreviation.test(word);
}
