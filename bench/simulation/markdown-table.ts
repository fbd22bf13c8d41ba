/** The results of the simulation as a Markdown table. */
import type { Result } from './run-scenario.ts';

const COLUMNS: readonly (readonly [string, (result: Result) => string])[] = [
  ['scenario', ({ scenario }) => scenario.name],
  ['requests', ({ figures }) => whole(figures.requests)],
  ['failed for the caller', ({ figures }) => whole(figures.failed)],
  ['failed calls of the target', ({ figures }) => whole(figures.failedCalls)],
  ['probes', ({ figures }) => whole(figures.probes)],
  ['all stopped after', ({ figures }) => seconds(figures.allStoppedAfterMs)],
  ['back after recovery', ({ figures }) => seconds(figures.returnedAfterMs)],
  ['back after the good probe', ({ figures }) => seconds(figures.returnedAfterProbeMs)],
  ['p99 of a request in the outage', ({ figures }) => seconds(figures.p99DuringOutageMs)],
  ['table reads', ({ table }) => whole(table.reads)],
  ['table writes', ({ table }) => `${whole(table.writes)} (${whole(table.refusedWrites)} refused)`],
];

/** The page that shows the results. */
export function page(environments: number, table: string): string {
  return `# A fleet, an outage, a shared circuit

Written by \`npm run simulate\`: ${whole(environments)} environments, each with one request a second at random instants,
the default settings, target \`a\` before target \`b\`, and an outage of \`a\` from 20 s to 100 s. Time is virtual and
chance is seeded: every run gives these figures. Planning, fall-back, state machine and stores are the product's own;
only the upstream, the table behind its interface and the clock are simulated. DynamoDB answers after 6 ms.

![Calls of the failing target in each second](simulation.svg)

${table}
- *failed calls of the target*: what the outage cost before everybody knew, and failed probes. With a fallback the caller
  sees none of them.
- *all stopped after*: the last call of the target that was no probe. Snapshots are refreshed behind requests, so an
  environment that was idle makes one call on old knowledge: the column follows the longest pause of the fleet.
- *back after recovery* contains what was left of the cooldown; *back after the good probe* doesn't. Both are counted in
  whole seconds, until nine tenths of the usual calls are reached.
- *refused* writes are those of environments that opened or claimed what another had already opened or claimed.
`;
}

/** Headings and one line for each result. */
export function markdownTable(results: readonly Result[]): string {
  const lines = [
    COLUMNS.map(([heading]) => heading),
    COLUMNS.map((_, index) => (index === 0 ? '---' : '---:')),
    ...results.map((result) => COLUMNS.map(([, cell]) => cell(result))),
  ];
  return `${lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n')}\n`;
}

function whole(value: number): string {
  return value.toLocaleString('en-US');
}

function seconds(milliseconds: number | undefined): string {
  return milliseconds === undefined ? 'not within the run' : `${(milliseconds / 1_000).toFixed(1)} s`;
}
