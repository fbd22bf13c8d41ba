/** Measures recall and false positives of the injection and safety detectors on labelled JSON lines. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { SafetyMode } from '../lambda/config/gateway-config.ts';
import { scoreInjection } from '../lambda/detectors/injection/score-injection.ts';
import { scoreSafety } from '../lambda/detectors/safety/score-safety.ts';

interface Row {
  readonly text: string;
  readonly label: 0 | 1;
  readonly source: string;
}

interface Tally {
  rows: number;
  flagged: number;
}

const USAGE = `usage: node bench/detection-quality.ts injection|safety FILE.jsonl[.gz] [--threshold 0.8] [--mode strict] [--show SOURCE/LABEL]
  --show prints rows of one group that the detector judged against their label`;

/** A judge of one text: is it flagged, and why. */
type Judge = (text: string) => { readonly isFlagged: boolean; readonly why: string };

function injectionJudge(threshold: number): Judge {
  return (text) => {
    const { score, rules } = scoreInjection(text);
    return {
      isFlagged: score >= threshold,
      why: `${score.toFixed(2)} ${rules.map(({ name }) => name).join(' ')}`,
    };
  };
}

function safetyJudge(mode: SafetyMode): Judge {
  return (text) => {
    const { rules } = scoreSafety(text, mode);
    return { isFlagged: rules.some(({ isMet }) => isMet), why: rules.map(({ name }) => name).join(' ') };
  };
}

function isRow(value: unknown): value is Row {
  return (
    typeof value === 'object' && value !== null && 'text' in value && 'label' in value && 'source' in value
  );
}

function readRows(file: string): readonly Row[] {
  const bytes = readFileSync(file);
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
    .filter(isRow);
}

function option(name: string, fallback: string): string {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : (process.argv[at + 1] ?? fallback);
}

const MODES: readonly SafetyMode[] = [
  'strict',
  'moderate',
  'lenient',
  'critical_infrastructure',
  'automotive',
  'education',
  'law_enforcement',
];

function report(rows: readonly Row[], judge: Judge, show: string): void {
  const tallies = new Map<string, Tally>();
  const started = process.hrtime.bigint();
  for (const { text, label, source } of rows) {
    const { isFlagged, why } = judge(text);
    for (const group of [`${source}/${label}`, `all/${label}`]) {
      const tally = tallies.get(group) ?? { rows: 0, flagged: 0 };
      tally.rows += 1;
      if (isFlagged) tally.flagged += 1;
      tallies.set(group, tally);
    }
    if (show === `${source}/${label}` && isFlagged !== (label === 1)) {
      console.log(`  ${why} | ${text.slice(0, 300).replaceAll('\n', '\\n')}`);
    }
  }
  const microseconds = Number(process.hrtime.bigint() - started) / 1_000 / rows.length;
  console.log('group (label 1: recall, label 0: false positives)'.padEnd(52), 'rows', 'flagged', 'share');
  for (const [group, { rows: count, flagged }] of [...tallies].sort(([a], [b]) => a.localeCompare(b))) {
    const share = `${((100 * flagged) / count).toFixed(2)} %`;
    console.log(group.padEnd(52), String(count).padStart(5), String(flagged).padStart(6), share.padStart(9));
  }
  console.log(`${microseconds.toFixed(1)} microseconds a row`);
}

function main(): void {
  const [, , what, file] = process.argv;
  const mode = MODES.find((name) => name === option('mode', 'strict'));
  if (file === undefined || mode === undefined || (what !== 'injection' && what !== 'safety')) {
    console.error(USAGE);
    process.exitCode = 1;
    return;
  }
  const judge = what === 'injection' ? injectionJudge(Number(option('threshold', '0.8'))) : safetyJudge(mode);
  report(readRows(file), judge, option('show', ''));
}

main();
