/** What every sink of evidence keeps, whatever stands behind it. */
import { expect, it } from 'vitest';
import { AUDIT_FALLBACK, AuditUnavailable, type AuditLog, type AuditSink } from '../../lambda/audit/sink.ts';
import { checkLine, emptyChain, follows, type ChainHead } from '../../lambda/audit/hash-chain.ts';
import { aDecisionEvent, decisionEvents, storedEvent } from '../support/a-decision-event.ts';

/** A sink with its store, which the test can read, break and mend. */
export interface SinkUnderTest {
  readonly sink: AuditSink;
  /** Every line of the store, in its order. */
  readonly stored: () => Promise<readonly string[]>;
  readonly breakStore: () => Promise<void>;
  readonly mendStore: () => Promise<void>;
}

export type OpenSink = (log: AuditLog) => Promise<SinkUnderTest>;

/** Declares the tests of the contract for one kind of sink; opened afresh for each. */
export function auditSinkContract(open: OpenSink): void {
  it('stores an event before append resolves', async () => {
    const { sink, stored } = await open(noLog);
    await sink.append(aDecisionEvent({ event_id: 'evt_1' }));
    expect(idsOf(await stored())).toEqual(['evt_1']);
  });

  it('stores what is appended at once in its order, in one unbroken chain', async () => {
    const { sink, stored } = await open(noLog);
    await Promise.all(decisionEvents(40).map((event) => sink.append(event)));
    expect(idsOf(await stored())).toEqual(decisionEvents(40).map(({ event_id }) => event_id));
    expectUnbroken(await stored());
  });

  it('goes on with the chain from one append to the next', async () => {
    const { sink, stored } = await open(noLog);
    for (const event of decisionEvents(3)) await sink.append(event);
    expect(await stored()).toHaveLength(3);
    expectUnbroken(await stored());
  });

  it('stores every field as it was given', async () => {
    const { sink, stored } = await open(noLog);
    const event = aDecisionEvent({ user_id: 'Ünïcode 😂 "quoted"\n', cost_usd: 1e-7 });
    await sink.append(event);
    const { chain, ...fields } = storedEvent((await stored())[0] ?? '');
    expect(fields).toEqual(event);
    expect(chain.seq).toBe(1);
  });

  it('stores an event with a lone surrogate', async () => {
    const { sink, stored } = await open(noLog);
    await sink.append(aDecisionEvent({ requested_model: 'x\udc00' }));
    expect(storedEvent((await stored())[0] ?? '').requested_model).toBe('x\ufffd');
  });

  it('cuts an event that is too long for a record, and says what was cut', async () => {
    const { sink, stored } = await open(noLog);
    const redaction = {
      phase: 'input',
      lane: '/messages/0/content',
      type: 'EMAIL',
      start: 1,
      end: 2,
    } as const;
    const redactions = Array.from({ length: 30_000 }, () => redaction);
    await sink.append(aDecisionEvent({ redactions, requested_model: 'm'.repeat(2_000_000) }));
    const event = storedEvent((await stored())[0] ?? '');
    expect(event.redactions).toHaveLength(10_000);
    expect(event.truncated).toEqual({ redactions: 30_000, requested_model: 2_000_000 });
    expectUnbroken(await stored());
  });

  it('rejects with AuditUnavailable when the store is broken, and logs the event', async () => {
    const log = recordingLog();
    const { sink, breakStore } = await open(log);
    await breakStore();
    await expect(sink.append(aDecisionEvent({ event_id: 'evt_1' }))).rejects.toBeInstanceOf(AuditUnavailable);
    expect(log.fallbacks.map((line) => storedOrPlain(line))).toEqual(['evt_1']);
  });

  it('loses no event while the store comes and goes: each is stored or in the log', async () => {
    const log = recordingLog();
    const { sink, stored, breakStore, mendStore } = await open(log);
    await Promise.all(decisionEvents(5).map((event) => sink.append(event)));
    await breakStore();
    await Promise.allSettled(decisionEvents(5).map((event) => sink.append(event)));
    await mendStore();
    await Promise.all(decisionEvents(5).map((event) => sink.append(event)));
    const chained = log.fallbacks.filter((line) => line.includes('"chain":{'));
    expect(log.fallbacks).toHaveLength(5);
    expect(await stored()).toHaveLength(10);
    expectUnbroken([...(await stored()), ...chained].toSorted((a, b) => placeOf(a) - placeOf(b)));
  });

  it('has stored everything when close resolves', async () => {
    const { sink, stored } = await open(noLog);
    const appended = decisionEvents(20).map((event) => sink.append(event));
    await sink.close();
    expect(await stored()).toHaveLength(20);
    await Promise.all(appended);
  });

  it('rejects what comes after close', async () => {
    const { sink } = await open(noLog);
    await sink.close();
    await expect(sink.append(aDecisionEvent())).rejects.toBeInstanceOf(AuditUnavailable);
  });
}

/** Fails unless the lines are one chain from its start. */
export function expectUnbroken(lines: readonly string[]): void {
  let head: ChainHead | undefined;
  for (const line of lines) {
    const checked = checkLine(line);
    if ('fault' in checked) throw new Error(`${checked.fault}: ${line}`);
    const { writer_id: writerId, seq, hash } = checked.link;
    expect(follows(checked.link, head ?? emptyChain(writerId))).toBe(true);
    head = { writerId, seq, hash };
  }
}

/** A log that keeps the events of its fallback lines and the other messages. */
export function recordingLog(): AuditLog & { readonly fallbacks: string[]; readonly messages: string[] } {
  const fallbacks: string[] = [];
  const messages: string[] = [];
  const log: AuditLog = (_, message, fields = {}) => {
    if (message === AUDIT_FALLBACK) fallbacks.push(String(fields['event']));
    else messages.push(`${message} ${JSON.stringify(fields)}`);
  };
  return Object.assign(log, { fallbacks, messages });
}

export const noLog: AuditLog = () => undefined;

function idsOf(lines: readonly string[]): readonly string[] {
  return lines.map((line) => storedEvent(line).event_id);
}

function placeOf(line: string): number {
  return storedEvent(line).chain.seq;
}

function storedOrPlain(line: string): unknown {
  const event: unknown = JSON.parse(line);
  return typeof event === 'object' && event !== null && 'event_id' in event ? event.event_id : undefined;
}
