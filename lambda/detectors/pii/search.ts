/** The search for personal data that a configuration asks for: made once, opened for each lane. */
import type { PiiDetectorSettings } from '../../config/gateway-config.ts';
import { findersFor, wantedEntities } from './entities/index.ts';
import { placeholder } from './entities/placeholder.ts';
import type { Finding, Scanner } from './finding.ts';
import { createPatternScanner } from './patterns/pattern-scanner.ts';
import { compilePattern } from './patterns/program.ts';
import { findAddresses, findBirthDates, findPersons, type PhraseFinder } from './phrases/phrase-finder.ts';
import { createPhraseScanner } from './phrases/phrase-scanner.ts';
import { createRegionFinder } from './region-finder.ts';
import { createRegionScanner } from './region-scanner.ts';
import { joinScanners } from './scanner.ts';

export interface Search {
  /** A scanner for one lane. */
  open(): Scanner;
}

/** What of the settings decides what is looked for. */
export type SearchSettings = Pick<
  PiiDetectorSettings,
  'entities' | 'detectPatterns' | 'healthcareMode' | 'pciMode'
>;

const phraseFinders: readonly (readonly [string, PhraseFinder])[] = [
  ['PERSON', findPersons],
  ['ADDRESS', findAddresses],
  ['DATE_OF_BIRTH', findBirthDates],
];

export interface SearchOptions {
  /** Look for the placeholders of reversible redaction too. */
  readonly placeholders: boolean;
}

/**
 * A search for what these settings ask for.
 * @throws PatternError when one of `detectPatterns` is not of RE2 syntax.
 */
export function createSearch(settings: SearchSettings, { placeholders }: SearchOptions): Search {
  const wanted = wantedEntities(settings);
  const finders = findersFor(wanted);
  const find = createRegionFinder(placeholders ? [placeholder, ...finders] : finders, wanted);
  const options = { find, brackets: placeholders, keys: wanted.has('SECRET') };
  const patterns = settings.detectPatterns.map(({ name, pattern }) => ({
    name,
    program: compilePattern(pattern),
  }));
  const phrases = phraseFinders.filter(([type]) => wanted.has(type)).map(([, finder]) => finder);
  return {
    open: () =>
      joinScanners([
        ...patterns.map(({ name, program }) => createPatternScanner(program, name)),
        createRegionScanner(options),
        ...(phrases.length > 0 ? [createPhraseScanner(phrases)] : []),
      ]),
  };
}

const DEFAULTS: SearchSettings = { entities: [], detectPatterns: [], healthcareMode: false, pciMode: true };

/** The personal data in a whole text, in order; offsets in UTF-16 units. */
export function findPersonalData(
  text: string,
  settings: Partial<SearchSettings> = {},
): readonly Pick<Finding, 'type' | 'start' | 'end'>[] {
  const found: Finding[] = [];
  createSearch({ ...DEFAULTS, ...settings }, { placeholders: false })
    .open()
    .scan(text, 0, true, found);
  return joinContinued(found);
}

/** What goes on where the finding before it ends is one finding with it. */
function joinContinued(found: readonly Finding[]): readonly Finding[] {
  const joined: Finding[] = [];
  for (const { type, start, end, more } of found) {
    const last = joined.at(-1);
    if (last !== undefined && (more === true || start < last.end))
      joined[joined.length - 1] = { ...last, end: Math.max(last.end, end) };
    else joined.push({ type, start, end });
  }
  return joined;
}
