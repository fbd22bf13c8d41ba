/** E-mail addresses (RFC 5321 in the form people write them), `%40` for the sign included. */
import { HAS_AT, HAS_DIGIT } from '../characters.ts';
import { CERTAIN, type Finder, matchesIn } from '../candidate.ts';

const sign = /@|%40/g;
const localCharacter = /[\p{L}\p{N}.!#$&'*+=^_~%-]/u;
const domain =
  /(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:xn--[a-z\d-]{2,59}|\p{L}{2,24})(?![\p{L}\p{N}])/uy;
/** Image names such as logo@2x.png look like addresses. */
const imageName = /^[1-4]x\.\p{L}+$/u;
/** `git@host:path` names a repository. */
const repository = /^git$/i;

function startOfLocalPart(text: string, at: number, from: number): number {
  let start = at;
  while (start > from && localCharacter.test(text.charAt(start - 1))) start--;
  while (start < at && /[.'*%=&#!$+^~-]/.test(text.charAt(start))) start++;
  return start;
}

export const email: Finder = {
  types: ['EMAIL'],
  needs: HAS_AT | HAS_DIGIT,
  least: 6,
  find(region, add) {
    const { text, from } = region;
    for (const match of matchesIn(region, sign)) {
      const start = startOfLocalPart(text, match.index, from);
      domain.lastIndex = match.index + match[0].length;
      const host = domain.exec(text)?.[0];
      if (host === undefined || start === match.index || imageName.test(host)) continue;
      const end = match.index + match[0].length + host.length;
      if (repository.test(text.slice(start, match.index)) && text.charAt(end) === ':') continue;
      add({ type: 'EMAIL', start, end, weight: CERTAIN });
    }
  },
};
