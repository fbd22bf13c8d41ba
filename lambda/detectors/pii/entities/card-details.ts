/** What stands beside a card number and makes it usable: security code and expiry (PCI DSS). */
import { HAS_DIGIT, HAS_SEPARATOR } from '../characters.ts';
import { CHECKED, CERTAIN, type Finder, LABELLED, LETTERS, matchesIn } from '../candidate.ts';
import { isNearCard } from './card.ts';

const code = new RegExp(String.raw`(?<![${LETTERS}\d_.\-/])\d{3,4}(?![${LETTERS}\d_]|[.\-/:]\d)`, 'g');
const monthAndYear = new RegExp(
  String.raw`(?<![${LETTERS}\d_.\-/])(?:0[1-9]|1[0-2])[ ]?[/-][ ]?(?:20)?\d{2}(?![${LETTERS}\d_]|[.\-/:]\d)`,
  'g',
);
const afterExpiry = /(?:0[1-9]|1[0-2])[ ]?[/-][ ]?(?:20)?\d{2}[ ,;|/]{1,3}$/;
/** In every expiry. */
const dateMark = /[/-]/;
const CARD_TO_EXPIRY = 8;
/** Parts of the words for a security code and an expiry, a number before, or anything outside ASCII. */
const hint =
  /C[VSI][VCD]|c[vsi][vcd]|Cv[vc]|[Cc]od|COD|rypto|RYPTO|r[uü]ef|ruf|RUF|egur|EGUR|icur|ICUR|[Ee]xp|EXP|alid|ALID|blauf|aduc|enc[ei]|cad|\d\W{1,9}$|[^\0-\x7f]/;
/** Of a code or an expiry itself, as it may be written: look-alikes, too. */
const ownSigns = /\d{3}|[/-]|[^\0-\x7f]/;
const codeWord = /CV[VC]|CSC|CID|COD|CRYPTO|PR.F|SEGUR|SICUR/;
const LABEL_UNITS = 60;

export const cardDetails: Finder = {
  types: ['CVV', 'EXPIRY'],
  needs: HAS_DIGIT,
  least: 3,
  mayFind: (source, before) => ownSigns.test(source) && hint.test(before),
  find(region, add) {
    const { text, labels } = region;
    for (const match of region.flags & HAS_SEPARATOR ? matchesIn(region, monthAndYear) : []) {
      const isNamed = labels.isNamed('expiry', match.index, 4);
      if (!isNearCard(region, match.index) || !(isNamed || followsCard(text, match.index))) continue;
      const weight = isNamed ? CHECKED : LABELLED;
      add({ type: 'EXPIRY', start: match.index, end: match.index + match[0].length, weight });
    }
    if (!labels.mayName(['cvv']) && !dateMark.test(text)) return;
    for (const match of matchesIn(region, code)) {
      const isNamed =
        codeWord.test(region.upper.slice(Math.max(0, match.index - LABEL_UNITS), match.index)) &&
        labels.isNamed('cvv', match.index, 3);
      const isBehindExpiry =
        afterExpiry.test(text.slice(Math.max(0, match.index - 14), match.index)) &&
        isNearCard(region, match.index);
      if (isNamed || isBehindExpiry)
        add({
          type: 'CVV',
          start: match.index,
          end: match.index + match[0].length,
          weight: isNamed ? CERTAIN : CHECKED,
        });
    }
  },
};

const followsCard = (text: string, index: number): boolean =>
  new RegExp(String.raw`\d{4}\D{1,${CARD_TO_EXPIRY}}$`).test(text.slice(Math.max(0, index - 16), index));
