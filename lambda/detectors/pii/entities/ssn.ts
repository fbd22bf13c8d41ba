/** US social security and taxpayer numbers, by the ranges that are issued (SSA, IRS). */
import { HAS_DIGIT } from '../characters.ts';
import { CHECKED, CERTAIN, type Finder, LABELLED, matchesAtStarts, NOT_BEFORE } from '../candidate.ts';

const number = new RegExp(String.raw`(\d{3})([ .-]{0,3})(\d{2})([ .-]{0,3})(\d{4})${NOT_BEFORE}`, 'y');

/** Never issued: area 000, 666 and 900 to 999, group 00, serial 0000 (SSA, randomisation of 2011). */
const isSocialSecurity = (area: string, group: string, serial: string): boolean =>
  area !== '000' && area !== '666' && area < '900' && group !== '00' && serial !== '0000';

/** Area 900 to 999, group 50-65, 70-88, 90-92 or 94-99 (IRS). */
const isTaxpayer = (area: string, group: string): boolean =>
  area >= '900' && /^(?:5\d|6[0-5]|7\d|8[0-8]|9[0-24-9])$/.test(group);

export const socialSecurity: Finder = {
  types: ['SSN', 'ITIN'],
  needs: HAS_DIGIT,
  least: 9,
  find(region, add) {
    for (const match of matchesAtStarts(region, number)) {
      const [whole, area = '', gap = '', group = '', otherGap = '', serial = ''] = match;
      const type = isSocialSecurity(area, group, serial)
        ? 'SSN'
        : isTaxpayer(area, group)
          ? 'ITIN'
          : undefined;
      if (type === undefined) continue;
      const isNamed = region.labels.isNamed(type === 'SSN' ? 'ssn' : ['itin', 'ssn', 'tax'], match.index);
      const isParted = gap !== '' && gap === otherGap;
      const isOther =
        region.labels.isNamed(['reference', 'phone', 'version'], match.index, 4) ||
        region.labels.isNamed('place', match.index, 0);
      const isHyphenated = isParted && gap === '-';
      if (!isNamed && (isOther ? !isHyphenated : !isParted)) continue;
      const weight = isNamed ? CERTAIN : isHyphenated ? CHECKED : LABELLED;
      add({ type, start: match.index, end: match.index + whole.length, weight });
    }
  },
};
