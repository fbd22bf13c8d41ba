/** The hash chain: each stored event names the hash of its writer's previous one, so that no edit goes unseen. */
import { hash as digest } from 'node:crypto';
import { canonicalJson, isRecord, mended } from '../config/canonical-json.ts';
import type { ChainLink } from './decision-event.ts';

/** Where a writer's chain ends. */
export interface ChainHead {
  readonly writerId: string;
  readonly seq: number;
  readonly hash: string;
}

/** The least that a record of any type needs to be chained. */
export interface Chainable {
  readonly event_id: string;
  readonly event_type: string;
}

/** A record as it is stored, and where the chain ends with it. */
export interface Linked {
  /** Canonical JSON, `chain` included, without a line end. */
  readonly line: string;
  readonly head: ChainHead;
}

/** What a stored line says about itself, once its hash was found to be right. */
export interface CheckedLine {
  readonly eventId: string;
  readonly link: ChainLink;
  /** Of a start record: the event that ends its request. */
  readonly decisionId: string | undefined;
  /** Null where there is none. */
  readonly timestamp: string | null;
}

/** Why a stored line can't be believed. */
export interface BrokenLine {
  readonly fault: 'unreadable' | 'altered';
  readonly message: string;
  /** Where they can be read at all. */
  readonly eventId: string | undefined;
  readonly link: ChainLink | undefined;
}

const NO_HASH = '0'.repeat(64);

/** The head before a writer's first event. */
export function emptyChain(writerId: string): ChainHead {
  return { writerId, seq: 0, hash: NO_HASH };
}

/** Links a record to the head. The record is serialised once: the hash is spliced into the text it was made of. */
export function link(record: Chainable, head: ChainHead): Linked {
  const chain = { prev_hash: head.hash, seq: head.seq + 1, writer_id: head.writerId };
  const unhashed = tolerantJson({ ...record, chain });
  const hash = digest('sha256', unhashed, 'hex');
  const at = unhashed.indexOf('"chain":{"prev_hash"') + '"chain":{'.length;
  return {
    line: `${unhashed.slice(0, at)}"hash":"${hash}",${unhashed.slice(at)}`,
    head: { writerId: head.writerId, seq: chain.seq, hash },
  };
}

/**
 * Reads a stored line and computes its hash again, over its very bytes: a line in any other spelling was edited.
 * @param look Given the record of a line whose hash is right, which nobody needs to parse again.
 */
export function checkLine(
  line: string,
  look?: (record: Readonly<Record<string, unknown>>) => void,
): CheckedLine | BrokenLine {
  const record = parse(line);
  if (!isRecord(record)) return broken('unreadable', 'the line is no JSON object', undefined, undefined);
  const eventId = typeof record['event_id'] === 'string' ? record['event_id'] : undefined;
  const chain = record['chain'];
  if (eventId === undefined || !isChainLink(chain)) {
    return broken('unreadable', 'the line has no event_id or no chain', eventId, undefined);
  }
  const spliced = `"hash":"${chain.hash}",`;
  const at = line.indexOf(`"chain":{${spliced}`) + '"chain":{'.length;
  const unhashed = line.slice(0, at) + line.slice(at + spliced.length);
  if (digest('sha256', unhashed, 'hex') !== chain.hash) {
    return broken('altered', 'the hash does not match the event', eventId, chain);
  }
  look?.(record);
  const { event_type: type, decision_id: decisionId, timestamp } = record;
  return {
    eventId,
    link: chain,
    decisionId: type === 'start' && typeof decisionId === 'string' ? decisionId : undefined,
    timestamp: typeof timestamp === 'string' ? timestamp : null,
  };
}

/** True when the link is what follows the head. */
export function follows(next: ChainLink, head: ChainHead): boolean {
  return next.seq === head.seq + 1 && next.prev_hash === head.hash;
}

/** Headers reach events as they were sent: text that is not well-formed must not cost the event. */
function tolerantJson(record: Readonly<Record<string, unknown>>): string {
  try {
    return canonicalJson(record);
  } catch {
    return canonicalJson(mended(record));
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function isChainLink(value: unknown): value is ChainLink {
  return (
    isRecord(value) &&
    typeof value['writer_id'] === 'string' &&
    Number.isSafeInteger(value['seq']) &&
    typeof value['prev_hash'] === 'string' &&
    typeof value['hash'] === 'string'
  );
}

function broken(
  fault: BrokenLine['fault'],
  message: string,
  eventId: string | undefined,
  chain: ChainLink | undefined,
): BrokenLine {
  return { fault, message, eventId, link: chain };
}
