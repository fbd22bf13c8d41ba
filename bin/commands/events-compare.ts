/** `kt events compare`: the variants of an A/B test, or targets or models, side by side. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { evidencePaths, readEvents } from '../../lambda/audit/read-events.ts';
import { auditDirOption, withFolder } from '../events/audit-folder.ts';
import { comparisonText } from '../events/comparison-text.ts';
import { compare, COMPARED, gather, type Collected, type Compared } from '../events/comparison.ts';
import { CONFIDENCE } from '../events/intervals.ts';
import { CommandFailure, count, PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

interface CompareOptions {
  readonly auditDir: string;
  readonly by: Compared;
  readonly baseline?: string;
  readonly since?: string;
  readonly json: boolean;
}

/** Told in the help and in the JSON, because figures without their method are worth little. */
const METHODS = {
  rates: "Wilson's score interval for each; differences by Newcombe's method 10",
  latency: 'intervals of order statistics for each; differences by Zou and Donner (square-and-add)',
  means: "Welch's t interval",
};

const EXAMPLES = `
Examples:
  $ kt events compare --by variant
  $ kt events compare --by variant --since 2026-11-01 --baseline variant-gpt4o --json

Errors are requests that ended in one, but for those whose caller left; latency is that of answered requests; tokens
and cost are those of all. A request counts for the variant it was given, even when another target answered it.

Intervals hold the true difference with 95 % confidence, each by itself:
  errors, blocks, redactions   ${METHODS.rates}
  p50 and p95 latency          ${METHODS.latency}
  tokens and cost a request    ${METHODS.means}
They take requests for independent of each other: where one user sends many, they are too narrow.`;

/** Makes the command. */
export function eventsCompareCommand(terminal: Terminal = PROCESS_TERMINAL): Command {
  return new Command('compare')
    .description('compare variants, targets or models, with confidence intervals')
    .addOption(new Option('--by <what>', 'what to compare').choices(Object.keys(COMPARED)).default('variant'))
    .option('--baseline <name>', 'what the others are compared with (default: the one with most requests)')
    .option('--since <time>', 'only events from then on, e.g. 2026-11-01 or 2026-11-01T12:00:00Z', readTime)
    .addOption(auditDirOption())
    .option('--json', 'print {by, baseline, confidence, groups, differences, methods} for scripts', false)
    .addHelpText('after', EXAMPLES)
    .action((options: CompareOptions) => withFolder(options.auditDir, () => run(options, terminal)));
}

async function run({ auditDir, by, since = '', json, ...options }: CompareOptions, terminal: Terminal) {
  // An event lies in the hour in which its request ended: never in one before it began.
  const paths = await evidencePaths(auditDir, since.slice(0, 10));
  const events = readEvents(auditDir, paths);
  const { groups, left } = await gather(events, by, ({ timestamp }) => timestamp >= since);
  if (left > 0) terminal.err(`${count(left, 'event')} without a ${by} left out\n`);
  const baseline = baselineOf(groups, options.baseline, by);
  if (baseline === undefined) {
    terminal.err(`no event names a ${by}${by === 'variant' ? ': is providers.ab_test configured?' : ''}\n`);
  }
  const comparison = baseline === undefined ? { figures: [], differences: [] } : compare(groups, baseline);
  const name = baseline?.group ?? null;
  if (json) terminal.out(`${JSON.stringify(asJson(comparison, by, name), null, 2)}\n`);
  else if (name !== null) terminal.out(comparisonText(comparison, groups, { by, baseline: name }));
}

function asJson({ figures, differences }: ReturnType<typeof compare>, by: Compared, baseline: string | null) {
  return {
    by,
    baseline,
    confidence: CONFIDENCE,
    groups: figures,
    differences: differences.map(({ group, measure, estimate }) => ({
      group,
      measure,
      difference: estimate?.value ?? null,
      low: estimate?.interval?.low ?? null,
      high: estimate?.interval?.high ?? null,
    })),
    methods: METHODS,
  };
}

function baselineOf(
  groups: readonly Collected[],
  wanted: string | undefined,
  by: Compared,
): Collected | undefined {
  if (wanted === undefined) return groups[0];
  const found = groups.find(({ group }) => group === wanted);
  if (found !== undefined) return found;
  const names = groups.map(({ group }) => group).join(', ');
  throw new CommandFailure(
    1,
    `no event names the ${by} ${wanted}; there are: ${names === '' ? 'none' : names}`,
  );
}

/** As events write it but for the end, where they have microseconds: so texts compare as times do. */
function readTime(text: string): string {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw new InvalidArgumentError('Allowed is a date or a time as in ISO 8601.');
  return new Date(time).toISOString().slice(0, -1);
}
