/** Compares a stored record with the schema it says it has: fields that are missing, unknown, or hold something else. */
import { isRecord } from '../config/canonical-json.ts';
import { SCHEMA_VERSION } from './decision-event.ts';
import { RECORD_RULES, type FieldRule, type RecordRules, type ValueRule } from './event-schema.ts';

/** A field that is not as the schema has it. Values are told by their type alone. */
export interface Misfit {
  /** e.g. `attempts[0].status`. */
  readonly field: string;
  readonly seen: string;
  readonly allowed: string;
}

/** What a comparison says; `unknown` is a record of a schema, or a type, that this version has no rules for. */
export type FieldCheck =
  | { readonly kind: 'fits' }
  | { readonly kind: 'unknown'; readonly field: 'schema_version' | 'event_type'; readonly value: string }
  | { readonly kind: 'misfits'; readonly misfits: readonly Misfit[] };

/** More of one record say nothing more. */
const MOST_MISFITS = 8;

const FITS: FieldCheck = { kind: 'fits' };

/** Looks at each field once; a record that fits makes no garbage but the list of its keys. */
export function checkFields(record: Readonly<Record<string, unknown>>): FieldCheck {
  const { schema_version: version, event_type: type } = record;
  if (typeof version !== 'string') return misfit('schema_version', version, SCHEMA_VERSION);
  if (version !== SCHEMA_VERSION) return { kind: 'unknown', field: 'schema_version', value: nameOf(version) };
  if (typeof type !== 'string') return misfit('event_type', type, Object.keys(RECORD_RULES).join(' or '));
  const rules = Object.hasOwn(RECORD_RULES, type) ? RECORD_RULES[type] : undefined;
  if (rules === undefined) return { kind: 'unknown', field: 'event_type', value: nameOf(type) };
  if (fitsRecord(record, rules)) return FITS;
  const misfits: Misfit[] = [];
  tellRecord(record, rules, '', misfits);
  return { kind: 'misfits', misfits: misfits.slice(0, MOST_MISFITS) };
}

function misfit(field: string, value: unknown, allowed: string): FieldCheck {
  return { kind: 'misfits', misfits: [{ field, seen: typeOf(value), allowed }] };
}

function fitsRecord(record: Readonly<Record<string, unknown>>, { fields, required }: RecordRules): boolean {
  let optional = 0;
  for (const { name, value: rule, isNullable, isOptional } of fields) {
    const value = record[name];
    if (value === undefined) {
      if (!isOptional) return false;
    } else {
      if (isOptional) optional += 1;
      if (value === null ? !isNullable : !fitsValue(value, rule)) return false;
    }
  }
  return Object.keys(record).length === required + optional;
}

function fitsValue(value: unknown, rule: ValueRule): boolean {
  switch (rule.kind) {
    case 'text':
      return typeof value === 'string' && (rule.words === undefined || rule.words.includes(value));
    case 'flag':
      return typeof value === 'boolean';
    case 'whole':
      return Number.isInteger(value);
    case 'number':
      return typeof value === 'number';
    case 'list':
      return Array.isArray(value) && value.every((each) => fitsValue(each, rule.of));
    case 'mapping':
      return isRecord(value) && Object.values(value).every((each) => fitsValue(each, rule.of));
    case 'record':
      return isRecord(value) && fitsRecord(value, rule);
  }
}

/** The slow way, for records of which something is known not to fit. */
function tellRecord(
  record: Readonly<Record<string, unknown>>,
  { fields }: RecordRules,
  place: string,
  misfits: Misfit[],
): void {
  for (const field of fields) tellField(record[field.name], field, place + field.name, misfits);
  for (const name of Object.keys(record)) {
    if (fields.some((field) => field.name === name)) continue;
    const allowed = `the fields of schema ${SCHEMA_VERSION}`;
    misfits.push({ field: place + nameOf(name), seen: 'a field that the schema does not have', allowed });
  }
}

function tellField(
  value: unknown,
  { value: rule, isNullable, isOptional }: FieldRule,
  field: string,
  misfits: Misfit[],
): void {
  if (value === undefined ? isOptional : value === null && isNullable) return;
  const allowed = `${allowedBy(rule)}${isNullable ? ' or null' : ''}`;
  if (value === undefined || value === null) misfits.push({ field, seen: typeOf(value), allowed });
  else tellValue(value, rule, field, allowed, misfits);
}

function tellValue(value: unknown, rule: ValueRule, field: string, allowed: string, misfits: Misfit[]): void {
  if (fitsValue(value, rule)) return;
  if (rule.kind === 'record' && isRecord(value)) tellRecord(value, rule, `${field}.`, misfits);
  else if (rule.kind === 'mapping' && isRecord(value)) {
    for (const [key, each] of Object.entries(value)) {
      tellValue(each, rule.of, `${field}.${nameOf(key)}`, allowedBy(rule.of), misfits);
    }
  } else if (rule.kind === 'list' && Array.isArray(value)) {
    for (const [index, each] of value.entries()) {
      tellValue(each, rule.of, `${field}[${index}]`, allowedBy(rule.of), misfits);
    }
  } else misfits.push({ field, seen: typeOf(value), allowed });
}

const ALLOWED: Readonly<Record<ValueRule['kind'], string>> = {
  text: 'text',
  flag: 'true or false',
  whole: 'a whole number',
  number: 'a number',
  list: 'a list',
  mapping: 'an object',
  record: 'an object',
};

function allowedBy(rule: ValueRule): string {
  return rule.kind === 'text' && rule.words !== undefined ? rule.words.join(', ') : ALLOWED[rule.kind];
}

/** What stands there, without saying it: a field that is not as it should be may hold anything. */
function typeOf(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'other text';
  if (typeof value === 'number') return Number.isInteger(value) ? 'a whole number' : 'a number';
  return typeof value === 'boolean' ? 'true or false' : 'an object';
}

/** Names of fields and versions are words; anything else is told by its length. */
function nameOf(text: string): string {
  return /^[\w.-]{1,64}$/.test(text) ? text : `(${text.length} characters)`;
}
