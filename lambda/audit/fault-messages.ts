/** How faults of a chain are told. */
import type { ChainLink } from './decision-event.ts';
import type { FaultKind } from './verification.ts';

export const REPEAT_MESSAGES: Readonly<Record<Extract<FaultKind, 'reordered' | 'conflicting'>, string>> = {
  reordered: 'the event stands after events that it was written before',
  conflicting: 'another event claims the same place in the chain',
};

export function missingMessage(writer: string, { from, to }: { from: number; to: number }): string {
  const which = from === to ? `event ${from}` : `events ${from} to ${to}`;
  return `${which} of writer ${writer} should stand before this one`;
}

export function unlinkedMessage({ seq, writer_id: writer }: ChainLink): string {
  return seq === 1
    ? `the first event of writer ${writer} names one before it`
    : `event ${seq} of writer ${writer} was linked to another event than the one before it`;
}
