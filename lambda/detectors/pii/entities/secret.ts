/** Credentials: keys with a known prefix, JSON web tokens, bearer tokens, passwords in URLs, and values named secret. */
import { HAS_COLON, HAS_DIGIT, HAS_LOWER, HAS_UPPER } from '../characters.ts';
import { CERTAIN, type Candidate, type Finder, LABELLED, matchesIn } from '../candidate.ts';
import type { Region } from '../region.ts';

const start = String.raw`(?<![A-Za-z\d_])`;
const end = String.raw`(?![A-Za-z\d_])`;

/** Keys of a fixed length, by the prefixes that their issuers publish. */
const boundedKeys = new RegExp(
  `${start}(?:${[
    String.raw`A(?:KIA|SIA|BIA|CCA)[A-Z\d]{16}`,
    String.raw`AIza[\w-]{35}`,
    String.raw`(?:AC|SK)[\da-f]{32}`,
    String.raw`key-[\da-f]{32}`,
    String.raw`\d{8,10}:AA[\w-]{33}`,
    String.raw`AGE-SECRET-KEY-1[A-Z\d]{58}`,
  ].join('|')})${end}`,
  'g',
);

/** Keys without a published greatest length. */
const openKeys = new RegExp(
  `${start}(?:${[
    String.raw`sk-(?=[\w-]{0,60}[A-Z\d])[\w-]{16,}`,
    String.raw`gh[pousr]_[A-Za-z\d]{20,}`,
    String.raw`github_pat_\w{20,}`,
    String.raw`gl(?:pat|dt|rt|soat)-[\w-]{20,}`,
    String.raw`xox[abeoprs]-[A-Za-z\d-]{10,}`,
    String.raw`xapp-\d-[A-Za-z\d-]{20,}`,
    String.raw`(?:sk|pk|rk)_(?:live|test)_[A-Za-z\d]{10,}`,
    String.raw`whsec_[A-Za-z\d+/]{20,}={0,2}`,
    String.raw`ya29\.[\w-]{20,}`,
    String.raw`GOCSPX-[\w-]{20,}`,
    String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
    String.raw`(?:npm|hf|gsk|r8|dop_v1|shp(?:at|ca|pa|ss)|lin_api|glsa|tfp)_[A-Za-z\d]{20,}`,
    String.raw`(?:nvapi|pplx|xai|tvly|pypi|rk|kt)-(?=[\w-]{0,60}\d)[\w-]{24,}`,
    String.raw`hv[sb]\.[\w-]{20,}`,
    String.raw`dapi[\da-f]{32,}`,
    String.raw`ATATT3[\w=-]{20,}`,
    String.raw`eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?`,
  ].join('|')})`,
  'g',
);

/** RFC 3986: what stands between `//` and `@`, when it has a password in it. */
const urlPassword =
  /(?<=[A-Za-z][A-Za-z\d+.-]{1,20}:\/\/)[^\s/?#@:]{0,128}:[^\s/@]{1,256}(?:@[^\s/@]{1,128}){0,2}(?=@[^\s/@:])/g;
/** The path of a chat service's incoming web hook is its password. */
const hookPath = /(?<=hooks\.slack\.com\/services\/|discord(?:app)?\.com\/api\/webhooks\/)[\w/-]{20,}/g;
const opaque = /(?<![\w+/.~-])[\w+/.~-]{16,}={0,2}(?![\w])/g;
const bearerValue = /(?<=[Bb](?:earer|EARER|asic|ASIC)[ ]{1,3})[\w.~+/-]{16,}={0,2}/g;
const password = /(?<=(?:[:=]|=>)[ ]{0,2}["'`]?)[^\s:=\\][^\s\\]{5,63}/g;

const passwordName =
  /(?:pass(?:word|wd|phrase)?|pwd|passwor[dt]|kennwort|contrase[nñ]a|senha|mot de passe)["'`]?\s{0,2}(?:[:=]|=>)\s{0,2}["'`]?$/i;
/** The longest of them. */
const PASSWORD_NAME_UNITS = 24;

/** `user:password@host` ends in what looks like an address. */
const OVER_EMAIL = CERTAIN + 1;

const isMixed = (text: string): boolean => /\d/.test(text) && /[A-Za-z]/.test(text);
const isDense = (text: string): boolean => /[a-z]/.test(text) && /[A-Z]/.test(text) && text.length >= 24;

function addNamed(region: Region, add: (candidate: Candidate) => void): void {
  for (const match of matchesIn(region, opaque)) {
    const [value] = match;
    if (!isMixed(value) || !region.labels.isNamed('secret', match.index, 2)) continue;
    if (/[./]/.test(value) && !isDense(value)) continue;
    add({
      type: 'SECRET',
      start: match.index,
      end: match.index + value.length,
      weight: LABELLED,
      grows: true,
    });
  }
  for (const match of matchesIn(region, password)) {
    const before = region.text.slice(Math.max(0, match.index - PASSWORD_NAME_UNITS), match.index);
    if (!passwordName.test(before)) continue;
    const value = match[0].replace(/[.,!?'`)]+$/, '');
    if (!isMixed(value)) continue;
    add({ type: 'SECRET', start: match.index, end: match.index + value.length, weight: LABELLED });
  }
}

export const secret: Finder = {
  types: ['SECRET'],
  needs: HAS_DIGIT | HAS_COLON | HAS_LOWER | HAS_UPPER,
  least: 6,
  find(region, add) {
    const addAll = (expression: RegExp, grows: boolean, weight = CERTAIN): void => {
      for (const match of matchesIn(region, expression))
        add({
          type: 'SECRET',
          start: match.index,
          end: match.index + match[0].length,
          weight,
          grows,
        });
    };
    const hasLetters = (region.flags & (HAS_LOWER | HAS_UPPER)) !== 0;
    if (hasLetters) {
      addAll(boundedKeys, false);
      addAll(openKeys, true);
      addAll(hookPath, true);
    }
    if (region.flags & HAS_COLON) addAll(urlPassword, false, OVER_EMAIL);
    for (const match of matchesIn(region, bearerValue))
      if (isMixed(match[0]) || match[0].length >= 20)
        add({
          type: 'SECRET',
          start: match.index,
          end: match.index + match[0].length,
          weight: CERTAIN,
          grows: true,
        });
    if (hasLetters && (region.flags & HAS_DIGIT) !== 0) addNamed(region, add);
  },
};
