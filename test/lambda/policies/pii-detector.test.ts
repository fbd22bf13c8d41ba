/** pii-detector: what is replaced, what passes, and the law of streams. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PiiDetectorSettings } from '../../../lambda/config/gateway-config.ts';
import { findPersonalData } from '../../../lambda/detectors/pii/search.ts';
import type { Piece } from '../../../lambda/detectors/piece.ts';
import { createPiiDetector } from '../../../lambda/policies/pii-detector.ts';
import type { PolicyRun, Release } from '../../../lambda/policies/policy.ts';
import type { Lane } from '../../../lambda/wire/lane.ts';
import { runs } from '../../support/runs.ts';
import { anySplit, anyText } from '../detectors/pii/texts.ts';
import { piiSettings } from './settings.ts';

const defaults = piiSettings();

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

const RUNS = runs(1_500);
const LAW_TIMEOUT_MS = 30_000 + RUNS.numRuns * 30;

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
        RUNS,
      );
    },
    LAW_TIMEOUT_MS,
  );

  it('holds where the dashes that end one PEM head begin the next', () => {
    const text = '-----BEGIN  PRIVATE KEY–-----BEGIN CERTIFICATE----- passport ';
    expect(textOf(releases(begin(), output, text.split('')))).toBe(redact(begin(), text, output));
  });

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
        RUNS,
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

describe('markers', () => {
  const text = 'mail john@example.com, card 4111 1111 1111 1111, key AKIAIOSFODNN7EXAMPLE';
  it.each([
    ['label', {}, 'mail [EMAIL_REDACTED], card [CREDIT_CARD_REDACTED], key [SECRET_REDACTED]'],
    ['asterisks', { markerFormat: 'asterisks' }, 'mail ********, card ********, key ********'],
    ['partial', { markerFormat: 'partial' }, 'mail j***@e***.com, card ****1111, key ****'],
    [
      'partial with kept lengths',
      { markerFormat: 'partial', preserveLength: true },
      'mail j***@e******.com, card ***************1111, key ********************',
    ],
    [
      'label with kept lengths',
      { preserveLength: true },
      'mail [EMAIL_REDACTED], card *******************, key [SECRET_REDACTED]***',
    ],
    [
      'custom',
      { customMarkers: { EMAIL: '<mail>' } },
      'mail <mail>, card [CREDIT_CARD_REDACTED], key [SECRET_REDACTED]',
    ],
  ] as const)('%s', (_, redaction, expected) => {
    expect(redact(begin({ redaction }), text)).toBe(expected);
  });

  it('name a custom pattern', () => {
    const run = begin({ detectPatterns: [{ name: 'employee id', pattern: String.raw`EMP-\d+` }] });
    expect(redact(run, 'ask EMP-12.')).toBe('ask [EMPLOYEE_ID_REDACTED].');
  });
});

describe('block', () => {
  it('objects at the first finding, releases what stood before it and names the kind alone', () => {
    const all = releases(begin({ action: 'block' }), output, ['hello anna@exam', 'ple.org and more']);
    expect(textOf(all)).toBe('hello ');
    expect(all.at(-1)?.objection).toMatchObject({ action: 'block', reason: 'pii.blocked' });
    expect(all.at(-1)?.objection?.message).toContain('EMAIL');
    expect(all.at(-1)?.objection?.message).not.toContain('anna');
  });
});

describe('reversible redaction', () => {
  const reversible = { redaction: { reversible: true } };

  it('gives the same value the same number, across the lanes of a request', () => {
    const run = begin(reversible);
    expect(redact(run, 'a@b.example, c@d.example, a@b.example')).toBe('[EMAIL_1], [EMAIL_2], [EMAIL_1]');
    expect(redact(run, 'c@d.example and 123-45-6789', { ...input, role: 'system' })).toBe(
      '[EMAIL_2] and [SSN_1]',
    );
  });

  it('forgets everything with the request', () => {
    const policy = createPiiDetector(settings(reversible));
    redact(policy.begin(facts), 'a@b.example');
    expect(redact(policy.begin(facts), '[EMAIL_1]', output)).toBe('[EMAIL_1]');
  });

  it.each([
    ['before it is needed', ['[EMAIL_1] is not a@b.example'], ['[EMAIL_1] is not [EMAIL_2]']],
    ['after it was given out', ['a@b.example', 'is [EMAIL_1] yours?'], ['[EMAIL_1]', 'is [EMAIL_2] yours?']],
  ])('keeps a placeholder that the user wrote apart: %s', (_, texts, expected) => {
    const run = begin(reversible);
    const sent = texts.map((text) => redact(run, text));
    expect(sent).toEqual(expected);
    expect(sent.map((text) => redact(run, text, output))).toEqual(texts);
  });

  it('restores placeholders across chunk borders and leaves invented ones', () => {
    const run = begin(reversible);
    redact(run, 'write to a@b.example');
    const all = releases(run, output, ['Sent to [EM', 'AIL', '_1', '], not [EMAIL_7] or [EMAIL_', 'x].']);
    expect(textOf(all)).toBe('Sent to a@b.example, not [EMAIL_7] or [EMAIL_x].');
    expect(piecesOf(all).filter(({ mark }) => mark !== undefined)).toEqual([
      { text: 'a@b.example', length: '[EMAIL_1]'.length, mark: { type: 'EMAIL', restored: true } },
    ]);
  });

  it('redacts other personal data in the reply', () => {
    const run = begin(reversible);
    redact(run, 'I am a@b.example');
    expect(redact(run, '[EMAIL_1] knows c@d.example', output)).toBe('a@b.example knows [EMAIL_REDACTED]');
  });

  it('restores a long key whole', () => {
    const run = begin(reversible);
    const key = `sk-${'Ab1'.repeat(400)}`;
    expect(redact(run, `use ${key} now`)).toBe('use [SECRET_1] now');
    expect(redact(run, 'key [SECRET_1]', output)).toBe(`key ${key}`);
  });

  it('brings back exactly what was sent, when the model repeats it', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const run = begin(reversible);
        const sent = piecesOf(releases(run, input, [text]));
        const repeated = sent.map((piece) => (piece.mark === undefined ? ' ' : piece.text)).join(' ');
        let offset = 0;
        const originals = sent.map(({ length, mark }) => {
          offset += length;
          return mark === undefined ? ' ' : text.slice(offset - length, offset);
        });
        const back = piecesOf(releases(run, output, [repeated]))
          .map((piece) => piece.text)
          .join('');
        expect(back).toBe(originals.join(' '));
      }),
      { numRuns: 500 },
    );
  });
});

describe('long texts', () => {
  it('show one marker for a key without an end, and nothing of the key', () => {
    const chunks = ['token ghp_', ...Array.from({ length: 500 }, () => 'aB3dE'.repeat(20)), ' done'];
    const all = releases(begin(), output, chunks);
    expect(textOf(all)).toBe('token [SECRET_REDACTED] done');
    const marks = piecesOf(all).filter(({ mark }) => mark !== undefined);
    expect(marks.filter(({ mark }) => mark?.continues !== true)).toHaveLength(1);
    expect(marks.reduce((sum, { length }) => sum + length, 0)).toBe(4 + 50_000);
  });

  it('emit that marker before the key has ended', () => {
    expect(textOf(releases(begin(), output, [`token ghp_${'aB3d'.repeat(12)}`]).slice(0, 1))).toBe(
      'token [SECRET_REDACTED]',
    );
  });

  it('swallow a PEM private key up to its end line', () => {
    const body = `${'MIIEpAIBAAKCAQEA'.repeat(4)}\n`.repeat(40);
    const pem = `-----BEGIN PRIVATE KEY-----\n${body}-----END PRIVATE KEY-----`;
    expect(redact(begin(), `a ${pem}\nb`)).toBe('a [SECRET_REDACTED]\nb');
  });

  it.each([
    ['a data URL', `data:image/png;base64,${'iVBORw0KGgo4111111111111111'.repeat(500)}==`],
    ['bare base64', 'QUJDREVGR0hJSktMTU5P'.repeat(500)],
    ['one endless word', 'a'.repeat(5_000)],
    ['endless white space', ' \n'.repeat(5_000)],
  ])('pass untouched: %s', (_, text) => {
    const all = releases(begin(), output, [text]);
    expect(textOf(all)).toBe(text);
    expect(piecesOf(all).some(({ mark }) => mark !== undefined)).toBe(false);
  });

  it.each([
    ['words', 'lorem ipsum '],
    ['digits', '12345 '],
    ['one long token', 'a1-'],
    ['invisible characters', '\u200b'],
    ['brackets', '[EMAIL_'],
  ])('are never held beyond a bound: %s', (_, unit) => {
    const judge = begin({ redaction: { reversible: true } }).openLane?.(output);
    let sent = 0;
    let released = 0;
    for (let round = 0; round < 3_000; round++) {
      sent += unit.length * 10;
      released += (judge?.push(unit.repeat(10)).pieces ?? []).reduce((sum, { length }) => sum + length, 0);
      expect(sent - released).toBeLessThan(10_000);
    }
  });
});
