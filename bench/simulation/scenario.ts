/** What is simulated: a fleet of environments, an upstream that fails for a while, a table that may fail too. */

export interface Scenario {
  readonly name: string;
  readonly environments: number;
  readonly requestsPerSecond: number;
  /** Where circuits live: in a shared table, or in each environment alone. */
  readonly circuits: 'shared' | 'alone';
  readonly table: 'well' | 'dead' | 'hanging';
  /** What target `a` does during its outage. Target `b`, where there is one, is always well. */
  readonly outage: 'answers 503' | 'hangs';
  readonly hasFallback: boolean;
  readonly outageFromMs: number;
  readonly outageToMs: number;
  readonly endMs: number;
}

const FLEET = {
  environments: 2_000,
  requestsPerSecond: 1,
  circuits: 'shared',
  table: 'well',
  outage: 'answers 503',
  hasFallback: true,
  outageFromMs: 20_000,
  outageToMs: 100_000,
  endMs: 160_000,
} as const;

export const SCENARIOS: readonly Scenario[] = [
  { ...FLEET, name: 'shared circuits' },
  { ...FLEET, name: 'each environment alone', circuits: 'alone' },
  { ...FLEET, name: 'shared, the table is dead', table: 'dead' },
  { ...FLEET, name: 'shared, the table hangs', table: 'hanging' },
  { ...FLEET, name: 'shared circuits, no fallback', hasFallback: false },
  { ...FLEET, name: 'shared circuits, upstream hangs', outage: 'hangs' },
  { ...FLEET, name: 'each alone, upstream hangs', outage: 'hangs', circuits: 'alone' },
];
