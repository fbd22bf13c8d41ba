/** Stored records are held to their schema: whatever happens to a field's type, presence or name is found and named. */
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isRecord } from '../../../lambda/config/canonical-json.ts';
import { checkFields, type Misfit } from '../../../lambda/audit/check-fields.ts';
import { emptyChain, link } from '../../../lambda/audit/hash-chain.ts';
import { verifyFolder } from '../../../lambda/audit/verify.ts';
import { aDecisionEvent, aStartEvent } from '../../support/a-decision-event.ts';
import { runs } from '../../support/runs.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

type Fields = Readonly<Record<string, unknown>>;

/** With something in each list, and nothing null that may be set. */
const FULL = aDecisionEvent({
  policy_results: [
    {
      kind: 'pii-detector',
      phase: 'input',
      mode: 'enforce',
      verdict: 'redact',
      reason_code: 'pii.redacted',
      score: null,
      latency_ms: 0.1,
      entities: { EMAIL: 1 },
    },
  ],
  redactions: [{ phase: 'input', lane: '/messages/0/content', type: 'EMAIL', start: 1, end: 2 }],
  truncated: { redactions: 20_000 },
});

const decision = storedOf(FULL);
const start = storedOf(aStartEvent());

/** A record as it is read back. */
function storedOf(record: Parameters<typeof link>[0]): Fields {
  const value: unknown = JSON.parse(link(record, emptyChain('writer')).line);
  if (!isRecord(value)) throw new Error('no record');
  return value;
}

function misfitsOf(record: Fields): readonly Misfit[] {
  const check = checkFields(record);
  return check.kind === 'misfits' ? check.misfits : [];
}

type Place = readonly (string | number)[];

/** Every place of a record that a rule is about: its fields, down to the innermost. */
function placesOf(value: unknown, place: Place = []): readonly Place[] {
  const own = place.length === 0 ? [] : [place];
  if (Array.isArray(value))
    return [...own, ...value.flatMap((each, index) => placesOf(each, [...place, index]))];
  if (!isRecord(value)) return own;
  return [...own, ...Object.entries(value).flatMap(([key, each]) => placesOf(each, [...place, key]))];
}

/** As messages name it. */
const nameOf = (place: Place): string =>
  place
    .map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`))
    .join('')
    .slice(1);

/** The record with another value at the place; `undefined` takes the field away. */
function changed(value: unknown, [part, ...rest]: Place, to: unknown): unknown {
  if (part === undefined) return to;
  if (Array.isArray(value))
    return value.map((each: unknown, index) => (index === part ? changed(each, rest, to) : each));
  if (!isRecord(value)) throw new Error('no such place');
  const next = changed(value[part], rest, to);
  return Object.fromEntries(
    Object.entries({ ...value, [part]: next }).filter(([, each]) => each !== undefined),
  );
}

function valueAt(value: unknown, [part, ...rest]: Place): unknown {
  if (part === undefined) return value;
  if (Array.isArray(value) && typeof part === 'number') return valueAt(value[part], rest);
  return isRecord(value) ? valueAt(value[part], rest) : undefined;
}

const asFields = (value: unknown): Fields => {
  if (!isRecord(value)) throw new Error('no record');
  return value;
};

/** One value of each type that JSON has. */
const OTHERS: readonly unknown[] = ['text', 7, 7.5, true, null, [], {}];

describe('a stored record', () => {
  it.each([
    ['of a decision', decision],
    ['of a decision in which nothing was cut', storedOf(aDecisionEvent())],
    ['of a start', start],
  ])('%s fits its schema', (_case, record) => {
    expect(checkFields(record)).toEqual({ kind: 'fits' });
  });

  it.each<[string, Fields, Misfit]>([
    [
      'text for a number',
      { ...decision, http_status: '200' },
      { field: 'http_status', seen: 'other text', allowed: 'a whole number' },
    ],
    [
      'a fraction for a count',
      { ...decision, input_tokens: 1.5 },
      { field: 'input_tokens', seen: 'a number', allowed: 'a whole number' },
    ],
    [
      'null where there is always something',
      { ...decision, route: null },
      { field: 'route', seen: 'null', allowed: 'text' },
    ],
    [
      'a word that is no verdict',
      { ...decision, verdict: 'permit' },
      { field: 'verdict', seen: 'other text', allowed: 'allow, redact, block, escalate, error' },
    ],
    [
      'a number where a text may be',
      { ...decision, user_id: 5 },
      { field: 'user_id', seen: 'a whole number', allowed: 'text or null' },
    ],
    [
      'a field too many',
      { ...decision, prompt: 'x' },
      { field: 'prompt', seen: 'a field that the schema does not have', allowed: 'the fields of schema 1.0' },
    ],
    [
      'a field of decisions in a start',
      { ...start, verdict: 'allow' },
      {
        field: 'verdict',
        seen: 'a field that the schema does not have',
        allowed: 'the fields of schema 1.0',
      },
    ],
    [
      'no version',
      { ...decision, schema_version: 1 },
      { field: 'schema_version', seen: 'a whole number', allowed: '1.0' },
    ],
    [
      'no type',
      { ...decision, event_type: null },
      { field: 'event_type', seen: 'null', allowed: 'decision or start' },
    ],
    [
      'an inner field',
      asFields(changed(decision, ['attempts', 0, 'status'], '200')),
      { field: 'attempts[0].status', seen: 'other text', allowed: 'a whole number or null' },
    ],
    [
      'a count that is none',
      asFields(changed(decision, ['policy_results', 0, 'entities', 'EMAIL'], 'many')),
      { field: 'policy_results[0].entities.EMAIL', seen: 'other text', allowed: 'a whole number' },
    ],
  ])('with %s does not', (_case, record, misfit) => {
    expect(misfitsOf(record)).toEqual([misfit]);
  });

  it('never has its values told: a field that is wrong may hold anything', () => {
    const record = { ...decision, http_status: 'my secret', ['my secret name']: 1 };
    expect(JSON.stringify(misfitsOf(record))).not.toContain('my secret');
  });

  it.each([
    ['schema_version', '2.0'],
    ['event_type', 'capture'],
    ['event_type', 'constructor'],
  ])('of another %s (%s) is told as unknown, and its fields are left alone', (field, value) => {
    expect(checkFields({ ...decision, [field]: value, extra: 1 })).toEqual({ kind: 'unknown', field, value });
  });

  const places = [
    ...placesOf(decision).map((place) => ({ record: decision, place })),
    ...placesOf(start).map((place) => ({ record: start, place })),
  ].filter(({ place: [field] }) => field !== 'schema_version' && field !== 'event_type');
  const typeOf = (value: unknown): string =>
    value === null
      ? 'null'
      : Array.isArray(value)
        ? 'list'
        : Number.isInteger(value)
          ? 'whole'
          : typeof value;

  it('is found out whatever other type a field gets, and the field is named', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), fc.constantFrom(...OTHERS), ({ record, place }, other) => {
        const old = valueAt(record, place);
        const found = misfitsOf(asFields(changed(record, place, other)));
        const mayBe = [old, ...(typeof old === 'number' ? [7] : []), ...(old === null ? ['text'] : [])];
        const isFree = mayBe.some((value) => typeOf(value) === typeOf(other));
        const isNullable = other === null || (old === null && typeof other !== 'object');
        const isNumber = typeof old === 'number' && typeof other === 'number';
        const isEmptied = typeof old === 'object' && typeof other === 'object';
        // What another rule of the same place may allow is told of in the table above.
        if (isFree || isNullable || isNumber || isEmptied) return;
        expect(found.map(({ field }) => field)).toContain(nameOf(place));
      }),
      runs(2000),
    );
  });

  it('is found out when a field is gone, unless the field is one that only some records have', () => {
    fc.assert(
      fc.property(fc.constantFrom(...places), ({ record, place }) => {
        const parent = valueAt(record, place.slice(0, -1));
        const isRule = !Array.isArray(parent) && !place.includes('entities') && !place.includes('truncated');
        const found = misfitsOf(asFields(changed(record, place, undefined)));
        if (isRule || place.length === 0)
          expect(found[0]).toMatchObject({ field: nameOf(place), seen: 'nothing' });
      }),
      runs(500),
    );
  });
});

describe('verification', () => {
  const FILE = 'dt=2026-11-01/hr=10/w.jsonl';

  /** The records in one chain, whatever is in them. */
  async function aFolderOf(records: readonly Fields[]): Promise<string> {
    const dir = await temporaryFolder();
    let head = emptyChain('w');
    const lines = records.map((record, index) => {
      const { chain: _, ...fields } = record;
      const linked = link(
        { ...fields, event_id: `evt_${index + 1}`, event_type: String(record['event_type']) },
        head,
      );
      head = linked.head;
      return `${linked.line}\n`;
    });
    await mkdir(dirname(join(dir, FILE)), { recursive: true });
    await writeFile(join(dir, FILE), lines.join(''));
    return dir;
  }

  it('names file, line, event and field of one that does not fit, though its hash is right', async () => {
    const dir = await aFolderOf([decision, { ...decision, stream: 'yes' }, decision]);
    expect(await verifyFolder(dir)).toMatchObject({
      ok: false,
      events: 3,
      fault_count: 1,
      faults: [
        {
          kind: 'malformed',
          file: FILE,
          line: 2,
          event_id: 'evt_2',
          message: 'the field stream holds other text; allowed is true or false',
          misfit: { field: 'stream', seen: 'other text', allowed: 'true or false' },
        },
      ],
    });
  });

  const NEWER =
    'this version does not know the schema_version 2.0: the fields of such events are not checked, their chain is';

  it('tells once in a file of a schema that it does not know, which is no fault', async () => {
    const newer = { ...decision, schema_version: '2.0', extra: true };
    expect(await verifyFolder(await aFolderOf([newer, newer, decision]))).toMatchObject({
      ok: true,
      events: 3,
      notice_count: 1,
      notices: [{ kind: 'schema', file: FILE, line: 1, message: NEWER }],
    });
  });
});
