/** pii-detector: what is replaced, what passes, and the law of streams. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PiiDetectorSettings } from '../../../lambda/config/gateway-config.ts';
import { findPersonalData } from '../../../lambda/detectors/pii/search.ts';
import type { Piece } from '../../../lambda/detectors/piece.ts';
import { createPiiDetector } from '../../../lambda/policies/pii-detector.ts';
import type { PolicyRun, Release } from '../../../lambda/policies/policy.ts';
import type { Lane } from '../../../lambda/wire/lane.ts';
import { anySplit, anyText } from '../detectors/pii/texts.ts';

const defaults: PiiDetectorSettings = {
  action: 'redact',
  healthcareMode: false,
  pciMode: true,
  detectPatterns: [],
  entities: [],
  redaction: {
    markerFormat: 'label',
    includeMetadata: true,
    preserveLength: false,
    customMarkers: {},
    reversible: false,
  },
};

type Change = Partial<Omit<PiiDetectorSettings, 'redaction'>> & {
  readonly redaction?: Partial<PiiDetectorSettings['redaction']>;
};

const settings = (change: Change = {}): PiiDetectorSettings => ({
  ...defaults,
  ...change,
  redaction: { ...defaults.redaction, ...change.redaction },
});

const facts = { path: '/v1/chat/completions', headers: {}, model: 'm', stream: true };
const input: Lane = { phase: 'input', role: 'user', content: 'message', path: '/messages/0/content' };
const output: Lane = {
  phase: 'output',
  role: 'assistant',
  content: 'message',
  path: '/choices/0/message/content',
};

const begin = (change: Change = {}): PolicyRun => createPiiDetector(settings(change)).begin(facts);

/** The releases of a lane that gets these chunks; after an objection nothing more is asked. */
function releases(run: PolicyRun, lane: Lane, chunks: readonly string[]): readonly Release[] {
  const judge = run.openLane?.(lane);
  if (judge === undefined) throw new Error('pii-detector judges every lane');
  const seen: Release[] = [];
  for (const step of [...chunks.map((chunk) => () => judge.push(chunk)), () => judge.end()]) {
    const release = step();
    seen.push(release);
    if (release.objection !== undefined) break;
  }
  return seen;
}

const piecesOf = (all: readonly Release[]): readonly Piece[] => all.flatMap(({ pieces }) => pieces);
const textOf = (all: readonly Release[]): string =>
  piecesOf(all)
    .map(({ text }) => text)
    .join('');
const redact = (run: PolicyRun, text: string, lane = input): string => textOf(releases(run, lane, [text]));

/** Cases of each law; `LAW_RUNS=50000` makes a longer run. */
const RUNS = Number(process.env['LAW_RUNS'] ?? 2_000);
const LAW_TIMEOUT_MS = 30_000 + RUNS * 30;

const detectPatterns = [
  { name: 'EMPLOYEE', pattern: String.raw`\bEMP-\d{6}\b` },
  { name: 'CASE', pattern: String.raw`(?i)case\s+\w+(\s+beta)?` },
  { name: 'XY', pattern: '(xy)+z|x' },
  { name: 'NOTE', pattern: String.raw`(?s)START.*?END|^the|\.$` },
];

describe('the law of streams', () => {
  const variants: readonly (readonly [string, Change, Lane])[] = [
    ['labels', {}, output],
    ['kept lengths', { redaction: { preserveLength: true } }, output],
    ['parts shown', { redaction: { markerFormat: 'partial' } }, output],
    ['placeholders upstream', { redaction: { reversible: true } }, input],
    ['placeholders in the reply', { redaction: { reversible: true } }, output],
    ['a block at the first finding', { action: 'block' }, output],
    ['custom patterns', { detectPatterns }, output],
    ['custom patterns and placeholders', { detectPatterns, redaction: { reversible: true } }, input],
    [
      'names and health data',
      { entities: ['PERSON', 'ADDRESS', 'DATE_OF_BIRTH'], healthcareMode: true },
      output,
    ],
  ];

  it.each(variants)(
    'holds with %s: any split gives what the whole gives',
    (_, change, lane) => {
      fc.assert(
        fc.property(anySplit(anyText), (chunks) => {
          const whole = releases(begin(change), lane, [chunks.join('')]);
          const split = releases(begin(change), lane, chunks);
          expect(textOf(split)).toBe(textOf(whole));
          expect(split.at(-1)?.objection).toEqual(whole.at(-1)?.objection);
        }),
        { numRuns: RUNS },
      );
    },
    LAW_TIMEOUT_MS,
  );

  it.each([
    ['the built-in kinds', {}],
    [
      'custom patterns, names and health data',
      { detectPatterns, entities: ['PERSON', 'ADDRESS', 'DATE_OF_BIRTH'], healthcareMode: true },
    ],
  ] as const)(
    'never releases a part of what is found in the whole: %s',
    (_, change) => {
      fc.assert(
        fc.property(anySplit(anyText), (chunks) => {
          const text = chunks.join('');
          const findings = findPersonalData(text, settings(change));
          const leaks: string[] = [];
          let offset = 0;
          for (const { text: shown, length, mark } of piecesOf(releases(begin(change), output, chunks))) {
            const end = offset + length;
            const isPart = findings.some((finding) => finding.start < end && offset < finding.end);
            if (mark === undefined && (isPart || shown !== text.slice(offset, end))) leaks.push(shown);
            offset = end;
          }
          expect({ leaks, offset }).toEqual({ leaks: [], offset: text.length });
        }),
        { numRuns: RUNS },
      );
    },
    LAW_TIMEOUT_MS,
  );
});

describe('waiting', () => {
  const releasedAfter = (text: string): string =>
    textOf(releases(begin(), output, text.split('')).slice(0, -1));

  it.each([
    ['a word', 'the quick brown', 'the quick '],
    ['a word before a full stop', 'the end. So', 'the end. '],
    ['a number that may have more', 'in 2024 ', 'in '],
    ['a number before a word', 'in 2024 the', 'in 2024 '],
    ['a word of a script without spaces', '価格は', '価格は'],
    ['a quoted word', 'say "hello" ', 'say "hello" '],
  ])('lasts no longer than %s', (_, text, released) => {
    expect(releasedAfter(text)).toBe(released);
  });
});

describe('core kinds', () => {
  it.each([
    ['write to anna@example.org.', 'write to [EMAIL_REDACTED].'],
    ['call +49 30 901820 now', 'call [PHONE_REDACTED] now'],
    ['(555) 123-4567', '[PHONE_REDACTED]'],
    ['my SSN is 123-45-6789.', 'my SSN is [SSN_REDACTED].'],
    ['order number 123456789', 'order number 123456789'],
    ['4111 1111 1111 1111', '[CREDIT_CARD_REDACTED]'],
    ['4111111111111112', '4111111111111112'],
    ['to DE89 3704 0044 0532 0130 00 please', 'to [IBAN_REDACTED] please'],
    ['from 192.168.17.4 to ::1', 'from [IP_ADDRESS_REDACTED] to ::1'],
    ['at 10:30:12 in version 1.2.3.4', 'at 10:30:12 in version 1.2.3.4'],
    ['key sk-abcdefghijklmnop1234567890 ok', 'key [SECRET_REDACTED] ok'],
    ['{"email":"a@b.example","n":1}', '{"email":"[EMAIL_REDACTED]","n":1}'],
  ])('%s', (text, expected) => {
    expect(redact(begin(), text)).toBe(expected);
  });
});
