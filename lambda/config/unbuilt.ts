/**
 * What the schema knows and this version does not do yet. Configuring one of these is refused, so that nothing
 * is ever accepted in silence; when a feature is built, its row goes.
 */
import { type Finding, mistake, type Path } from './problem.ts';
import { showValue } from './show.ts';
import { isMapping, listOf, valueAt } from './tree.ts';

interface Row {
  /** Keys from the root; `*` stands for every entry of a list. */
  readonly path: readonly string[];
  /** Whether a value asks for the feature; absent means that any value does. */
  readonly asks?: (value: unknown) => boolean;
}

const isTrue = (value: unknown): boolean => value === true;
const isOff = (value: unknown): boolean => isMapping(value) && value['enabled'] === false;

const TABLE: readonly Row[] = [
  { path: ['global_rate_limit'] },
  { path: ['user_rate_limit'] },
  { path: ['token_rate_limit'] },
  { path: ['consumer_groups'] },
  { path: ['cors', 'enabled'], asks: isTrue },
  { path: ['ip_allowlist'], asks: (value) => !isOff(value) },
  { path: ['policy', 'safety-filter', 'fuzzy_matching'], asks: isTrue },
  { path: ['policy', 'safety-filter', 'max_age'], asks: (value) => value !== 0 },
  { path: ['policy', 'audit-logger', 'hipaa_audit_controls'], asks: isTrue },
  { path: ['providers', 'targets', '*', 'data_policy'] },
];

/** Where the file may ask for something that is not built, for the manual. */
export function unbuiltPlaces(): readonly string[] {
  return TABLE.map(({ path }) => path.join('.').replaceAll('.*', '[]'));
}

/** Refuses what is configured and not built, each at its place. */
export function refuseUnbuilt(root: unknown): readonly Finding[] {
  return TABLE.flatMap(({ path, asks = () => true }) =>
    placesOf(root, path)
      .map((place) => ({ place, value: valueAt(root, place) }))
      .filter(({ value }) => value !== undefined && value !== null && asks(value))
      .map(({ place, value }) =>
        mistake('E004', place, 'not built yet in this version', {
          seen: showValue(value, place),
          allowed: 'leaving it out, or its default',
          suggestion: 'remove it until a version does it',
        }),
      ),
  );
}

function placesOf(root: unknown, path: readonly string[]): readonly Path[] {
  let places: readonly Path[] = [[]];
  for (const part of path) {
    places = places.flatMap((place) =>
      part === '*' ? listOf(valueAt(root, place)).map((_, index) => [...place, index]) : [[...place, part]],
    );
  }
  return places;
}
