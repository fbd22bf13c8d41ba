/**
 * Simulates fleets of gateways that share circuits while an upstream fails: prints a table, and writes it with a
 * picture to docs/. Virtual time and seeded chance: every run gives the same figures.
 *
 * node bench/simulate.ts [--environments 2000]
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { format } from 'prettier';
import { drawCalls } from './simulation/chart.ts';
import { markdownTable, page } from './simulation/markdown-table.ts';
import { runScenario, type Result } from './simulation/run-scenario.ts';
import { SCENARIOS } from './simulation/scenario.ts';
import { seededRandom } from './simulation/seeded-random.ts';

const { values } = parseArgs({ options: { environments: { type: 'string', default: '2000' } } });
const environments = Number(values.environments);
if (!Number.isInteger(environments) || environments < 1) {
  throw new Error(`--environments is ${values.environments}; it must be a whole number of at least 1`);
}

const results: Result[] = [];
for (const scenario of SCENARIOS) {
  results.push(await runScenario({ ...scenario, environments }, seededRandom(1)));
  process.stdout.write(`simulated: ${scenario.name}\n`);
}
const table = markdownTable(results);
process.stdout.write(`\n${table}`);

mkdirSync('docs', { recursive: true });
const PICTURED = ['shared circuits', 'each environment alone', 'shared, the table is dead'];
writeFileSync(
  'docs/simulation.svg',
  drawCalls(results.filter(({ scenario }) => PICTURED.includes(scenario.name))),
);
writeFileSync('docs/simulation.md', await format(page(environments, table), { parser: 'markdown' }));
