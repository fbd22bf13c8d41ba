/** Bank account numbers (ISO 13616): length by country, remainder by 97. */
import { HAS_DIGIT, HAS_LOWER, HAS_UPPER } from '../characters.ts';
import { CERTAIN, type Finder, LETTERS, matchesIn } from '../candidate.ts';
import { passesMod97 } from '../checksums.ts';

/** Length by country: SWIFT IBAN registry, release 99. */
const LENGTHS =
  'AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 ' +
  'FI18 FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 ' +
  'LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 ' +
  'RS22 RU33 SA24 SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30';
const lengthOf: ReadonlyMap<string, number> = new Map(
  LENGTHS.split(' ').map((entry) => [entry.slice(0, 2), Number(entry.slice(2))]),
);

const opening = new RegExp(String.raw`(?<![${LETTERS}\d])[A-Z]{2}[ -]?\d{2}(?=[ -]?[A-Z\d])`, 'g');
const letterOrDigit = new RegExp(String.raw`[${LETTERS}\d]`);

/** The end of `wanted` letters and digits from `start` on with at most one separator between, or -1. */
function endOf(text: string, start: number, wanted: number): number {
  let seen = 0;
  for (let index = start; index < text.length; index++) {
    const isPart = /[A-Za-z\d]/.test(text.charAt(index));
    if (isPart && ++seen === wanted) return letterOrDigit.test(text.charAt(index + 1)) ? -1 : index + 1;
    if (!isPart && (!/[ .-]/.test(text.charAt(index)) || !/[A-Za-z\d]/.test(text.charAt(index + 1))))
      return -1;
  }
  return -1;
}

export const iban: Finder = {
  types: ['IBAN'],
  needs: HAS_DIGIT,
  least: 15,
  find(region, add) {
    if ((region.flags & (HAS_LOWER | HAS_UPPER)) === 0) return;
    for (const match of matchesIn(region, opening, region.upper)) {
      const wanted = lengthOf.get(match[0].slice(0, 2));
      const end = wanted === undefined ? -1 : endOf(region.text, match.index, wanted);
      if (end < 0) continue;
      if (passesMod97(region.text.slice(match.index, end).replace(/[^A-Za-z\d]/g, '')))
        add({ type: 'IBAN', start: match.index, end, weight: CERTAIN });
    }
  },
};
