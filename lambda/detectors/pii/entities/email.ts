/** E-mail addresses (RFC 5321 in the form people write them), `%40` for the sign included. */
import { HAS_AT, HAS_DIGIT } from '../characters.ts';
import { CERTAIN, type Finder, LETTERS, matchesIn } from '../candidate.ts';

const sign = /@|%40/g;
const localCharacter = new RegExp(String.raw`[${LETTERS}\d.!#$'*+^_~%-]`);
/** What a local part doesn't start with: quotes and marks around the address. */
const surrounding = /[.'*%#!$+^~-]/;
const label = String.raw`[${LETTERS}\d](?:[${LETTERS}\d-]{0,61}[${LETTERS}\d])?`;
const domain = new RegExp(
  String.raw`(?:${label}\.){1,8}(?:[Xx][Nn]--[A-Za-z\d-]{2,59}|[${LETTERS}]{2,24})(?![${LETTERS}\d])`,
  'y',
);
/** Image names such as logo@2x.png look like addresses. */
const imageName = /^[1-4]x\.[A-Za-z]+$/;
/** `git@host:path` names a repository. */
const REPOSITORY_USER = 'git';

/** Finds where local parts start, for signs from left to right: no character is looked at twice. */
function localParts(text: string, from: number): (at: number) => number {
  let read = from;
  let runStart = from;
  let nameStart = from;
  return (at) => {
    for (; read < at; read++)
      if (!localCharacter.test(text.charAt(read))) {
        runStart = read + 1;
        nameStart = runStart;
      }
    while (nameStart < at && surrounding.test(text.charAt(nameStart))) nameStart++;
    return nameStart;
  };
}

export const email: Finder = {
  types: ['EMAIL'],
  needs: HAS_AT | HAS_DIGIT,
  least: 6,
  find(region, add) {
    const { text, from } = region;
    const startOfLocalPart = localParts(text, from);
    for (const match of matchesIn(region, sign)) {
      const start = startOfLocalPart(match.index);
      domain.lastIndex = match.index + match[0].length;
      const host = domain.exec(text)?.[0];
      if (host === undefined || start === match.index || imageName.test(host)) continue;
      const end = match.index + match[0].length + host.length;
      if (text.slice(start, match.index) === REPOSITORY_USER && text.charAt(end) === ':') continue;
      add({ type: 'EMAIL', start, end, weight: CERTAIN });
    }
  },
};
