/** Reads what an exporter sent, as OTLP's protocol buffers (opentelemetry-proto 1.7) or their JSON mapping say. */
import { z } from 'zod';

export type Value = string | number | boolean | readonly Value[] | null;

export interface ReceivedSpan {
  readonly name: string;
  readonly kind: 'server' | 'client' | 'other';
  readonly traceId: string;
  readonly spanId: string;
  /** Empty for the first span of a trace. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly startNs: bigint;
  readonly endNs: bigint;
  readonly attributes: Readonly<Record<string, Value>>;
  readonly events: readonly ReceivedEvent[];
  readonly isError: boolean;
  readonly resource: Readonly<Record<string, Value>>;
  readonly scope: string;
}

export interface ReceivedEvent {
  readonly name: string;
  readonly atNs: bigint;
  readonly attributes: Readonly<Record<string, Value>>;
}

const KINDS: Readonly<Record<number, ReceivedSpan['kind']>> = { 2: 'server', 3: 'client' };
const STATUS_ERROR = 2;

interface Field {
  readonly number: number;
  /** Of varints and fixed-width fields. */
  readonly bits: bigint;
  readonly bytes: Buffer;
}

/** The fields of one message, in their order. */
function fieldsOf(message: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = message[at++];
      if (byte === undefined) throw new Error('the message ends within a number');
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return value;
    }
  };
  const take = (length: number): Buffer => {
    if (at + length > message.length) throw new Error('the message ends within a field');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const tag = Number(varint());
    const number = tag >> 3;
    switch (tag & 7) {
      case 0:
        fields.push({ number, bits: varint(), bytes: Buffer.alloc(0) });
        break;
      case 1:
        fields.push({ number, bits: message.readBigUInt64LE(at), bytes: take(8) });
        break;
      case 2:
        fields.push({ number, bits: 0n, bytes: take(Number(varint())) });
        break;
      case 5:
        fields.push({ number, bits: BigInt(message.readUInt32LE(at)), bytes: take(4) });
        break;
      default:
        throw new Error(`wire type ${tag & 7} is not known`);
    }
  }
  return fields;
}

const NOTHING: Field = { number: 0, bits: 0n, bytes: Buffer.alloc(0) };
const all = (fields: readonly Field[], number: number): readonly Buffer[] =>
  fields.filter((field) => field.number === number).map(({ bytes }) => bytes);
const one = (fields: readonly Field[], number: number): Field =>
  fields.findLast((field) => field.number === number) ?? NOTHING;
const text = (fields: readonly Field[], number: number): string => one(fields, number).bytes.toString();

/** An ExportTraceServiceRequest. */
export function readProtobufSpans(message: Buffer): readonly ReceivedSpan[] {
  return all(fieldsOf(message), 1).flatMap((bytes) => {
    const ofResource = fieldsOf(bytes);
    const resource = attributesOf(all(fieldsOf(one(ofResource, 1).bytes), 1));
    return all(ofResource, 2).flatMap((scopeBytes) => {
      const ofScope = fieldsOf(scopeBytes);
      const scope = text(fieldsOf(one(ofScope, 1).bytes), 1);
      return all(ofScope, 2).map((span) => ({ ...spanOf(fieldsOf(span)), resource, scope }));
    });
  });
}

function spanOf(span: readonly Field[]): Omit<ReceivedSpan, 'resource' | 'scope'> {
  return {
    traceId: one(span, 1).bytes.toString('hex'),
    spanId: one(span, 2).bytes.toString('hex'),
    traceState: text(span, 3),
    parentSpanId: one(span, 4).bytes.toString('hex'),
    name: text(span, 5),
    kind: KINDS[Number(one(span, 6).bits)] ?? 'other',
    startNs: one(span, 7).bits,
    endNs: one(span, 8).bits,
    attributes: attributesOf(all(span, 9)),
    events: all(span, 11)
      .map(fieldsOf)
      .map((event) => ({
        atNs: one(event, 1).bits,
        name: text(event, 2),
        attributes: attributesOf(all(event, 3)),
      })),
    isError: Number(one(fieldsOf(one(span, 15).bytes), 3).bits) === STATUS_ERROR,
  };
}

function attributesOf(pairs: readonly Buffer[]): Record<string, Value> {
  return Object.fromEntries(
    pairs.map(fieldsOf).map((pair) => [text(pair, 1), valueOf(fieldsOf(one(pair, 2).bytes))]),
  );
}

function valueOf([field]: readonly Field[]): Value {
  switch (field?.number) {
    case 1:
      return field.bytes.toString();
    case 2:
      return field.bits === 1n;
    case 3:
      return Number(BigInt.asIntN(64, field.bits));
    case 4:
      return field.bytes.readDoubleLE();
    case 5:
      return all(fieldsOf(field.bytes), 1).map((value) => valueOf(fieldsOf(value)));
    default:
      return null;
  }
}

interface JsonValue {
  readonly stringValue?: string | undefined;
  readonly boolValue?: boolean | undefined;
  readonly intValue?: string | number | undefined;
  readonly doubleValue?: number | undefined;
  readonly arrayValue?: { readonly values: readonly JsonValue[] } | undefined;
}

const jsonValue: z.ZodType<JsonValue> = z.lazy(() =>
  z.object({
    stringValue: z.string().optional(),
    boolValue: z.boolean().optional(),
    intValue: z.union([z.string(), z.number()]).optional(),
    doubleValue: z.number().optional(),
    arrayValue: z.object({ values: z.array(jsonValue) }).optional(),
  }),
);
const jsonAttributes = z
  .array(z.object({ key: z.string(), value: jsonValue }))
  .default([])
  .transform((pairs) => Object.fromEntries(pairs.map(({ key, value }) => [key, plain(value)])));
const nanoseconds = z.union([z.string(), z.number()]).transform(BigInt);
const jsonSpan = z
  .object({
    traceId: z.string(),
    spanId: z.string(),
    parentSpanId: z.string().default(''),
    traceState: z.string().default(''),
    name: z.string(),
    kind: z.number(),
    startTimeUnixNano: nanoseconds,
    endTimeUnixNano: nanoseconds,
    attributes: jsonAttributes,
    events: z.array(z.object({ name: z.string(), timeUnixNano: nanoseconds, attributes: jsonAttributes })),
    status: z.object({ code: z.number().default(0) }).default({ code: 0 }),
  })
  .transform(({ kind, startTimeUnixNano, endTimeUnixNano, events, status, ...span }) => ({
    ...span,
    kind: KINDS[kind] ?? ('other' as const),
    startNs: startTimeUnixNano,
    endNs: endTimeUnixNano,
    events: events.map(({ name, timeUnixNano: atNs, attributes }) => ({ name, atNs, attributes })),
    isError: status.code === STATUS_ERROR,
  }));
const jsonRequest = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: jsonAttributes }),
      scopeSpans: z.array(z.object({ scope: z.object({ name: z.string() }), spans: z.array(jsonSpan) })),
    }),
  ),
});

/** The same in JSON. */
export function readJsonSpans(message: string): readonly ReceivedSpan[] {
  return jsonRequest
    .parse(JSON.parse(message))
    .resourceSpans.flatMap(({ resource, scopeSpans }) =>
      scopeSpans.flatMap(({ scope, spans }) =>
        spans.map((span) => ({ ...span, resource: resource.attributes, scope: scope.name })),
      ),
    );
}

function plain(value: JsonValue): Value {
  if (value.intValue !== undefined) return Number(value.intValue);
  if (value.arrayValue !== undefined) return value.arrayValue.values.map(plain);
  return value.stringValue ?? value.boolValue ?? value.doubleValue ?? null;
}
