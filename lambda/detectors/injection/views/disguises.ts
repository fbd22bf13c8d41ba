/** Undoes disguises that a reader, or a model, sees through: look-alike letters, digits for letters, spaced letters. */

/** Pairs of look-alike and Latin letter (after Unicode TR 39, the letters that attacks really use). */
const LOOK_ALIKES =
  'аaАAвbВBсcСCеeЕEёeнhНHіiІIјjЈJкkКKмmМMоoОOрpРPѕsЅSтtТTуyУYхxХXԁdԛqԝwһhӏlгrпnиuԍg' +
  'αaΑAβbΒBεeΕEηnΗHιiΙIκkΚKμuΜMνvΝNοoΟOρpΡPτtΤTυuΥYχxΧXγyωwΖZσoδdλl' +
  'ոnսuօoհhցgեeզqѵvքpіiɑaɡgɩiɪiʀrʏyɴnɢgʙbʜhʟlᴀaʙbᴄcᴅdᴇeꜰfɢgʜhɪiᴊjᴋkʟlᴍmɴnᴏoᴘpꞯqʀrꜱsᴛtᴜuᴠvᴡwʏyᴢz' +
  'ɐaǝeəeɹrʇtɔcʞkɯmʌvʍwʎyɥhᴉiƃgɟf€e£l¢c¡i×x†tᎥiᎪAᏴBᏟCᎠDᎬEᎻHᎫJᏦKᏞLᎷMᏢPᏒRᏚSᎢTᏙVᎳWᏃZ';

const latinOf: ReadonlyMap<string, string> = new Map(
  Array.from({ length: LOOK_ALIKES.length / 2 }, (_, index) => [
    LOOK_ALIKES.charAt(index * 2),
    LOOK_ALIKES.charAt(index * 2 + 1),
  ]),
);

const NON_ASCII = /[\u0080-\uffff]/g;

/** The text with look-alikes turned into Latin letters; the same text when it has none. */
export function withoutLookAlikes(text: string): string {
  return text.replace(NON_ASCII, (unit) => latinOf.get(unit) ?? unit);
}

const LEET: Readonly<Record<string, string>> = {
  '0': 'o',
  '2': 'z',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '6': 'g',
  '7': 't',
  '8': 'b',
  '9': 'g',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
};
const MIXED_WORD = /[a-z0-9@$!|]*[a-z][a-z0-9@$!|]*/gi;
const DISGUISED = /[0-9@$!|]/g;

/** The text with digits and signs inside words read as letters; a 1 is read as the letter given. */
export function withoutLeet(text: string, one: 'i' | 'l'): string {
  return text.replace(MIXED_WORD, (word) =>
    word.replace(DISGUISED, (sign) => (sign === '1' ? one : (LEET[sign] ?? sign))),
  );
}

const SPACED = /(?<![\p{L}\p{N}])\p{L}(?:[ .,\-_*|/~+=]\p{L}(?![\p{L}\p{N}])){3,}/gu;

/** The text with spaced letters drawn together, and words that were run together parted again. */
export function withoutSpacing(text: string): string {
  return text.replace(SPACED, (run) => partWords(run.replace(/[^\p{L}]/gu, '')));
}

const RUN_TOGETHER = /[a-z]{16,400}/gi;

/** The text with long words parted where they are made of words that attacks use. */
export function withRunsParted(text: string): string {
  return text.replace(RUN_TOGETHER, partWords);
}

const WORDS: ReadonlySet<string> = new Set(
  (
    'ignore ignoring disregard forget override bypass previous prior above all any every the these those of my your our ' +
    'you are now me and or to from is it in on with without instructions instruction rules rule guidelines prompt prompts ' +
    'system message reveal show print repeat output tell give say display what were was do anything be have that this ' +
    'before earlier original initial hidden secret password key commands directives restrictions limits filters safety ' +
    'act as pretend role developer mode enabled jailbreak unrestricted uncensored new task instead only respond please ' +
    'everything i a an no not don t dan'
  ).split(' '),
);
const LONGEST_WORD = 13;

/** Letters of one run, at most, that are parted: an attack has said what it wants by then. */
const MOST_PARTED = 1_000;

/** Parts a run of letters into known words, fewest first; as it was when that does not work out. */
function partWords(run: string): string {
  const letters = run.slice(0, MOST_PARTED).toLowerCase();
  const fewest = new Int32Array(letters.length + 1).fill(letters.length + 1);
  const begins = new Int32Array(letters.length + 1);
  fewest[0] = 0;
  for (let end = 1; end <= letters.length; end += 1) {
    for (let begin = Math.max(0, end - LONGEST_WORD); begin < end; begin += 1) {
      const words = (fewest[begin] ?? 0) + 1;
      if (words >= (fewest[end] ?? 0) || !WORDS.has(letters.slice(begin, end))) continue;
      fewest[end] = words;
      begins[end] = begin;
    }
  }
  if ((fewest[letters.length] ?? 0) > letters.length) return run;
  const words: string[] = [];
  for (let end = letters.length; end > 0; end = begins[end] ?? 0)
    words.unshift(letters.slice(begins[end], end));
  return words.join(' ');
}
