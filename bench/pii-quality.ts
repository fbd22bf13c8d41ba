/** Measures the search for personal data on a labelled corpus: `node bench/pii-quality.ts corpus.jsonl.gz [source] [--misses]`. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { createSearch } from '../lambda/detectors/pii/search.ts';
import type { Finding } from '../lambda/detectors/pii/finding.ts';

interface Row {
  readonly text: string;
  readonly source: string;
  readonly spans: readonly Finding[];
}

interface Tally {
  found: number;
  missed: number;
  wrong: number;
}

/** The corpus's names of kinds, where they differ from ours. */
const NAMES: Readonly<Record<string, string>> = { US_DRIVER_LICENSE: 'DRIVERS_LICENSE' };
const KINDS = [
  'EMAIL',
  'PHONE',
  'SSN',
  'CREDIT_CARD',
  'IBAN',
  'IP_ADDRESS',
  'DRIVERS_LICENSE',
  'PERSON',
  'ADDRESS',
];

function isRow(value: unknown): value is Row {
  return (
    typeof value === 'object' && value !== null && 'text' in value && 'spans' in value && 'source' in value
  );
}

function readCorpus(path: string): readonly Row[] {
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
    .filter(isRow);
}

const overlaps = (a: Finding, b: Finding): boolean => a.type === b.type && a.start < b.end && b.start < a.end;

const [path, source = 'presidio', flag] = process.argv.slice(2);
if (path === undefined) throw new Error('give the path of the corpus: JSON lines of {text, source, spans}');

const search = createSearch(
  { entities: KINDS, detectPatterns: [], healthcareMode: false, pciMode: false },
  { placeholders: false },
);
const tallies = new Map(KINDS.map((kind): [string, Tally] => [kind, { found: 0, missed: 0, wrong: 0 }]));
for (const row of readCorpus(path).filter((candidate) => candidate.source.startsWith(source))) {
  const wanted = row.spans.map((span) => ({ ...span, type: NAMES[span.type] ?? span.type }));
  const found: Finding[] = [];
  search.open().scan(row.text, 0, true, found);
  const show = (label: string, { type, start, end }: Finding): void => {
    const before = row.text.slice(Math.max(0, start - 40), start);
    if (flag === '--misses')
      console.log(
        label,
        type,
        JSON.stringify(`${before}«${row.text.slice(start, end)}»${row.text.slice(end, end + 15)}`),
      );
  };
  for (const span of wanted) {
    const tally = tallies.get(span.type);
    if (tally === undefined) continue;
    const isFound = found.some((finding) => overlaps(finding, span));
    tally[isFound ? 'found' : 'missed']++;
    if (!isFound) show('missed', span);
  }
  for (const finding of found)
    if (!wanted.some((span) => overlaps(span, finding))) {
      const tally = tallies.get(finding.type);
      if (tally !== undefined) tally.wrong++;
      show('wrong ', finding);
    }
}

const ratio = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);
const line = (name: string, { found, missed, wrong }: Tally): string => {
  const precision = ratio(found, found + wrong);
  const recall = ratio(found, found + missed);
  const f1 = ratio(2 * precision * recall, precision + recall);
  const figures = [precision, recall, f1].map((figure) => figure.toFixed(3).padStart(9));
  return `| ${name.padEnd(15)} | ${String(found + missed).padStart(5)} |${figures.join(' |')} |`;
};

console.log('| kind            | spans | precision |   recall |       F1 |');
console.log('|-----------------|------:|----------:|---------:|---------:|');
const total: Tally = { found: 0, missed: 0, wrong: 0 };
for (const [kind, tally] of tallies) {
  if (tally.found + tally.missed + tally.wrong === 0) continue;
  console.log(line(kind, tally));
  if (kind === 'PERSON' || kind === 'ADDRESS') continue;
  total.found += tally.found;
  total.missed += tally.missed;
  total.wrong += tally.wrong;
}
console.log(line('structured', total));
