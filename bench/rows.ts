/** The rows of the table that are measured over HTTP: each endpoint against direct and against the floor. */
import { inTurns, quantile, rates, streamCall, wholeCall, type Endpoint, type Times } from './load.ts';
import type { Row } from './table.ts';
import { BURST, PACED, type StreamKind } from './workload.ts';

/** Who is measured. */
export interface Field {
  readonly direct: Endpoint;
  readonly floor: Endpoint;
  /** Without waiting for the disk. */
  readonly gateway: Endpoint;
  /** As it runs by default: a call ends when its evidence is on the disk. */
  readonly synced: Endpoint;
}

const added = (times: Times, endpoint: Endpoint, base: Endpoint, share: number): number =>
  quantile(times.get(endpoint.name) ?? [], share) - quantile(times.get(base.name) ?? [], share);

/** Added latency of whole answers, one call at a time. */
export async function latencyRows(field: Field, rounds: number): Promise<readonly Row[]> {
  const { direct, floor, gateway, synced } = field;
  const all = [direct, floor, gateway, synced];
  await inTurns(all, Math.ceil(rounds / 5), wholeCall());
  const times = await inTurns(all, rounds, wholeCall());
  const row = (share: number, name: string): Row => ({
    name,
    unit: 'ms',
    floor: added(times, floor, direct, share),
    gateway: added(times, gateway, direct, share),
    synced: added(times, synced, direct, share),
  });
  return [
    { ...row(0.5, 'added latency p50'), goal: { kind: 'at-most-floor', factor: 1.25, synced: 1 } },
    row(0.99, 'added latency p99'),
  ];
}

/** Added time to the first content of a stream, one call at a time. */
export async function firstContentRow(field: Field, rounds: number): Promise<Row> {
  const { direct, floor, gateway, synced } = field;
  const all = [direct, floor, gateway, synced];
  await inTurns(all, Math.ceil(rounds / 5), streamCall(PACED, 'first-content'));
  const times = await inTurns(all, rounds, streamCall(PACED, 'first-content'));
  return {
    name: `added time to first token p50, ${PACED.chunks} chunks`,
    unit: 'ms',
    floor: added(times, floor, direct, 0.5),
    gateway: added(times, gateway, direct, 0.5),
    synced: added(times, synced, direct, 0.5),
    goal: { kind: 'at-most-floor', factor: 1.5 },
  };
}

/** Added time for each chunk of a long stream that comes as fast as it can. */
export async function perChunkRow(field: Field, rounds: number): Promise<Row> {
  const { direct, floor, gateway, synced } = field;
  const all = [direct, floor, gateway, synced];
  await inTurns(all, Math.ceil(rounds / 5), streamCall(BURST, 'end'));
  const times = await inTurns(all, rounds, streamCall(BURST, 'end'));
  const perChunk = (endpoint: Endpoint): number =>
    (added(times, endpoint, direct, 0.5) * 1000) / BURST.chunks;
  return {
    name: `added time per chunk, ${BURST.chunks} chunks`,
    unit: 'us',
    floor: perChunk(floor),
    gateway: perChunk(gateway),
    synced: perChunk(synced),
    goal: { kind: 'at-most', gateway: 10 },
  };
}

/** Whole answers per second. */
export const throughputRow = (field: Field, concurrency: number): Promise<Row> =>
  rateRow(field, concurrency, `requests/s, concurrency ${concurrency}`, 0.7);

/** Streams per second. */
export const streamRateRow = (field: Field, concurrency: number, kind: StreamKind = PACED): Promise<Row> =>
  rateRow(field, concurrency, `streams/s of ${kind.chunks} chunks, concurrency ${concurrency}`, 0.6, kind);

async function rateRow(
  { direct, floor, gateway, synced }: Field,
  concurrency: number,
  name: string,
  factor: number,
  kind?: StreamKind,
): Promise<Row> {
  const measure = kind === undefined ? wholeCall() : streamCall(kind, 'end');
  const all = [direct, floor, gateway, synced];
  const found = await rates(all, { concurrency, turnMs: 1200, turns: 2 }, measure);
  const rate = (endpoint: Endpoint): number => found.get(endpoint.name) ?? Number.NaN;
  return {
    name,
    unit: '/s',
    direct: rate(direct),
    floor: rate(floor),
    gateway: rate(gateway),
    synced: rate(synced),
    goal: { kind: 'at-least-floor', factor },
  };
}
