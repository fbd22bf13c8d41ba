/**
 * Searches a lane region by region: an open region is held, and searched when the first character came that
 * can't belong to it; what has no greatest length is reported as soon as it is certain, then swallowed.
 */

import { isSecondHalf } from './characters.ts';
import type { Finding, Scanner } from './finding.ts';
import type { FindInRegion, RegionFinding } from './region-finder.ts';
import { closeRegion, createLexState, type LexState, rebase } from './lex-state.ts';
import { lex } from './region-lexer.ts';
import { type Swallow, swallowArmour, swallowToken } from './swallow.ts';

/** Above this many characters an unfinished region is decided from the front, down to what is kept. */
const TOKEN_BOUND = { limit: 512, kept: 256 };
/** The same for groups of digits with gaps between. */
const GROUPS_BOUND = { limit: 160, kept: 80 };

const base64Run = /^[A-Za-z\d+/=]+$/;
const letter = /[A-Za-z]/;
const armour = '-----BEGIN';

export interface RegionOptions {
  readonly find: FindInRegion;
  /** Regions may start with a square bracket: placeholders of reversible redaction are looked for. */
  readonly brackets: boolean;
  /** PEM private keys are looked for. */
  readonly keys: boolean;
}

/** A scanner for the kinds that the options' finders know. */
export function createRegionScanner({ find, brackets, keys }: RegionOptions): Scanner {
  const state = createLexState(brackets);
  let position = 0;
  let knownBase = 0;
  let swallow: Swallow | undefined;

  const report = (findings: readonly RegionFinding[], base: number, found: Finding[]): void => {
    for (const { type, start, end, placeholder } of findings)
      found.push({
        type,
        start: start + base,
        end: end + base,
        ...(placeholder === true && { placeholder }),
      });
  };

  const swallowOn = (text: string, base: number, index: number, atEnd: boolean, found: Finding[]): number => {
    const result = swallow?.read(text, index, atEnd) ?? { index, isOver: true };
    if (result.index > index)
      found.push({ type: 'SECRET', start: base + index, end: base + result.index, more: true });
    if (result.isOver) swallow = undefined;
    return result.index;
  };

  const onKey = (text: string, base: number, index: number, found: Finding[]): void => {
    state.mode = 'idle';
    if (!keys) return;
    // Only what was read counts: the next block's first dashes may be this one's last.
    const head = Math.max(state.start, text.lastIndexOf(armour, index - armour.length));
    report(find(text, state.start, head, state.flags | state.group), base, found);
    found.push({ type: 'SECRET', start: base + head, end: base + index });
    swallow = swallowArmour();
  };

  const onStop = (text: string, base: number, index: number, found: Finding[]): void => {
    const findings = find(text, state.start, index, state.flags | state.group);
    if (findings.at(-1)?.grows === true) {
      report(findings, base, found);
      state.mode = 'idle';
      swallow = swallowToken();
      return;
    }
    const bound = state.hasGaps ? GROUPS_BOUND : TOKEN_BOUND;
    if (state.length < bound.limit && state.length >= state.stop)
      state.stop = Math.min(state.stop * 2, bound.limit);
    else if (findings.length === 0 && isBase64(text.slice(state.start, index))) state.mode = 'pass';
    else report(release(state, text, findings, index, bound.kept), base, found);
  };

  const step = (text: string, base: number, from: number, atEnd: boolean, found: Finding[]): number => {
    if (swallow !== undefined) return swallowOn(text, base, from, atEnd, found);
    const index = lex(state, text, from);
    const { event } = state;
    state.event = 'none';
    if (event === 'closed') report(find(text, state.start, state.end, state.flags), base, found);
    else if (event === 'stop') onStop(text, base, index, found);
    else if (event === 'key') onKey(text, base, index, found);
    return index;
  };

  return {
    scan(text, base, atEnd, found) {
      rebase(state, base - knownBase);
      knownBase = base;
      let index = position - base;
      while (index < text.length) {
        const swallowing = swallow;
        const next = step(text, base, index, atEnd, found);
        if (next === index && swallow !== undefined && swallow === swallowing) break;
        index = next;
      }
      if (atEnd && isOpen(state)) {
        closeRegion(state, text.length);
        if (state.event === 'closed') report(find(text, state.start, text.length, state.flags), base, found);
        state.event = 'none';
      }
      position = base + index;
      return isOpen(state) ? base + state.start : position;
    },
  };
}

const isOpen = ({ mode }: LexState): boolean => mode !== 'idle' && mode !== 'pass';

const isBase64 = (token: string): boolean => base64Run.test(token) && letter.test(token);

/** Gives up the front of a region that grew too long, but nothing of a finding that may still grow. */
function release(
  state: LexState,
  text: string,
  findings: readonly RegionFinding[],
  index: number,
  kept: number,
): readonly RegionFinding[] {
  let cut = Math.max(index - kept, state.start + 1);
  const last = findings.at(-1);
  if (last !== undefined && last.end === index && last.start > state.start) cut = Math.min(cut, last.start);
  if (cut > state.start + 1 && isSecondHalf(text, cut)) cut--;
  const final: RegionFinding[] = [];
  for (const finding of findings) {
    if (finding.start >= cut) break;
    final.push(finding);
    cut = Math.max(cut, finding.end);
  }
  state.start = cut;
  state.length = index - cut;
  state.stop = (state.hasGaps ? GROUPS_BOUND : TOKEN_BOUND).limit;
  return final;
}
