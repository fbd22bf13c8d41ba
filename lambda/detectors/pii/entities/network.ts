/** Addresses of machines: IP version 4 and 6, and hardware (MAC) addresses. */
import { HAS_COLON, HAS_DIGIT, HAS_SEPARATOR } from '../characters.ts';
import { CERTAIN, CHECKED, type Finder, LETTERS, matchesIn, SHAPE } from '../candidate.ts';

const octet = String.raw`(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)`;
const version4 = new RegExp(
  String.raw`(?<![${LETTERS}\d_]|[\d.\-]\.|\d[-/])${octet}(?:\.${octet}){3}(?![${LETTERS}\d_]|\.\d|-\d)`,
  'g',
);
const version6 = new RegExp(
  String.raw`(?<![${LETTERS}\d_:.])[\dA-F]{0,4}(?::[\dA-F]{0,4}){2,8}(?:(?<=:\d{1,3})(?:\.\d{1,3}){3})?(?![${LETTERS}\d_:])`,
  'g',
);
const hardware = new RegExp(
  String.raw`(?<![${LETTERS}\d_:-])(?:[\dA-F]{2}([:-])(?:[\dA-F]{2}\1){4}[\dA-F]{2}|[\dA-F]{4}\.[\dA-F]{4}\.[\dA-F]{4})` +
    String.raw`(?![${LETTERS}\d_]|[:-][\dA-F])`,
  'g',
);

/** Four single digits are more often the number of a version or a section. */
const isShort = /^\d(?:\.\d){3}$/;

/** This machine, any machine, every machine, a net mask: they identify nobody. */
const isNobody = (address: string): boolean => /^(?:127\.|0\.0\.0\.0$|255\.)/.test(address);

/** RFC 4291: eight groups, or fewer with one `::`; what is not surely one (a time, a C++ scope) is not one. */
function isVersion6(text: string): boolean {
  const [head = '', tail, ...more] = text.split('::');
  const embedded = text.includes('.') ? 1 : 0;
  const groups = [...head.split(':'), ...(tail ?? '').split(':')].filter((group) => group !== '');
  if (more.length > 0 || !/\d/.test(text)) return false;
  if (tail === undefined)
    return groups.length + embedded === 8 && !text.startsWith(':') && !text.endsWith(':');
  const isTelling = groups.length > 2 || groups.some((group) => group.length > 2);
  return groups.length + embedded < 8 && isTelling && !head.startsWith(':') && !tail.endsWith(':');
}

export const ipAddress: Finder = {
  types: ['IP_ADDRESS'],
  needs: HAS_DIGIT,
  least: 5,
  find(region, add) {
    const { flags, labels } = region;
    if (flags & HAS_SEPARATOR)
      for (const { 0: address, index: start } of matchesIn(region, version4)) {
        if (isNobody(address) || labels.isNamed('version', start, 3)) continue;
        if (isShort.test(address) && !labels.isNamed('ip', start)) continue;
        add({ type: 'IP_ADDRESS', start, end: start + address.length, weight: CHECKED });
      }
    if (flags & HAS_COLON)
      for (const { 0: address, index: start } of matchesIn(region, version6, region.upper))
        if (isVersion6(address))
          add({ type: 'IP_ADDRESS', start, end: start + address.length, weight: CERTAIN });
  },
};

export const hardwareAddress: Finder = {
  types: ['MAC_ADDRESS'],
  needs: HAS_DIGIT | HAS_COLON,
  least: 14,
  find(region, add) {
    if ((region.flags & (HAS_COLON | HAS_SEPARATOR)) === 0) return;
    for (const match of matchesIn(region, hardware, region.upper)) {
      const digits = match[0].replace(/[^\dA-F]/g, '');
      if (/^(?:0+|F+)$/.test(digits)) continue;
      const weight = /[A-F]/.test(digits) ? CERTAIN : match[1] === undefined ? SHAPE : CHECKED;
      add({ type: 'MAC_ADDRESS', start: match.index, end: match.index + match[0].length, weight });
    }
  },
};
