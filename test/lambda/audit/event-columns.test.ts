import { describe, expect, it } from 'vitest';
import {
  type ColumnType,
  duckdbType,
  EVENT_COLUMNS,
  hiveType,
  trinoType,
} from '../../../lambda/audit/event-columns.ts';
import { emptyChain, link } from '../../../lambda/audit/hash-chain.ts';
import { aDecisionEvent, storedEvent } from '../../support/a-decision-event.ts';

/** A record as it is stored, with something in each of its lists. */
const stored = storedEvent(
  link(
    aDecisionEvent({
      policy_results: [
        {
          kind: 'pii-detector',
          phase: 'input',
          mode: 'enforce',
          verdict: 'redact',
          reason_code: 'pii.redacted',
          score: 0.5,
          latency_ms: 0.1,
          entities: { EMAIL: 1 },
        },
      ],
      redactions: [{ phase: 'input', lane: '/messages/0/content', type: 'EMAIL', start: 1, end: 2 }],
    }),
    emptyChain('writer'),
  ).line,
);

/** Where a value does not fit its column, as paths. */
function misfits(value: unknown, type: ColumnType, path: string): readonly string[] {
  if (value === null) return [];
  if (typeof type === 'object') {
    if ('list' in type) {
      return Array.isArray(value)
        ? value.flatMap((each: unknown) => misfits(each, type.list, `${path}[]`))
        : [path];
    }
    if (typeof value !== 'object') return [path];
    const entries = Object.entries(value);
    if ('mapTo' in type) return entries.flatMap(([key, each]) => misfits(each, type.mapTo, `${path}.${key}`));
    const missing = Object.keys(type.struct).filter((name) => !(name in value));
    return [
      ...missing.map((name) => `${path}.${name}`),
      ...entries.flatMap(([key, each]) => {
        const field = type.struct[key];
        return field === undefined ? [`${path}.${key}`] : misfits(each, field, `${path}.${key}`);
      }),
    ];
  }
  const fits = { string: 'string', boolean: 'boolean', bigint: 'number', double: 'number' }[type];
  return typeof value === fits && !(type === 'bigint' && !Number.isInteger(value)) ? [] : [path];
}

describe('the columns of the table', () => {
  it('are the fields of a stored decision, and those that only some records have', () => {
    const rare = ['decision_id', 'truncated'];
    expect(Object.keys(EVENT_COLUMNS).sort()).toEqual([...Object.keys(stored), ...rare].sort());
  });

  it('have the types of the fields, down to the innermost', () => {
    const { decision_id: _, truncated: __, ...columns } = EVENT_COLUMNS;
    expect(misfits(stored, { struct: columns }, 'event')).toEqual([]);
  });

  it.each([
    ['Hive', hiveType, 'array<struct<kind:string,entities:map<string,bigint>>>'],
    ['Trino', trinoType, 'array(row("kind" varchar, "entities" map(varchar, bigint)))'],
    ['DuckDB', duckdbType, 'struct("kind" varchar, "entities" map(varchar, bigint))[]'],
  ])('are spelled as %s does', (_case, spell, text) => {
    expect(spell({ list: { struct: { kind: 'string', entities: { mapTo: 'bigint' } } } })).toBe(text);
  });

  it.each([
    ['Hive', hiveType, 'string boolean bigint double'],
    ['Trino', trinoType, 'varchar boolean bigint double'],
    ['DuckDB', duckdbType, 'varchar boolean bigint double'],
  ])('are plain where values are, as %s has them', (_case, spell, text) => {
    expect((['string', 'boolean', 'bigint', 'double'] as const).map((each) => spell(each)).join(' ')).toBe(
      text,
    );
  });
});
