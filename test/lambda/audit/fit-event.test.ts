/** Events of any length fit into one record of 1,000 KiB, and say what was cut. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linkFitting } from '../../../lambda/audit/fit-event.ts';
import { checkLine, emptyChain, link } from '../../../lambda/audit/hash-chain.ts';
import { aDecisionEvent, storedEvent } from '../../support/a-decision-event.ts';

const head = emptyChain('w');
const attempt = (letters: number) => ({
  target_id: 'x'.repeat(letters),
  status: 500,
  latency_ms: 1,
  error: null,
});

describe('an event', () => {
  it('stays as it is when it fits', () => {
    expect(linkFitting(aDecisionEvent(), head)).toEqual(link(aDecisionEvent(), head));
  });

  it.each([
    ['many small items', 30_000, 10, 10_000],
    ['fewer larger items', 20_000, 300, 1000],
    ['huge items', 20, 200_000, 0],
  ])('keeps the first of its attempts: %s', (_, count, letters, kept) => {
    const attempts = Array.from({ length: count }, () => attempt(letters));
    const event = storedEvent(linkFitting(aDecisionEvent({ attempts }), head).line);
    expect(event.attempts).toEqual(attempts.slice(0, kept));
    expect(event.truncated).toEqual({ attempts: count });
  });

  it('keeps the length of what was cut before', () => {
    const attempts = Array.from({ length: 30_000 }, () => attempt(10));
    const event = aDecisionEvent({ attempts, truncated: { redactions: 70_000 } });
    expect(storedEvent(linkFitting(event, head).line).truncated).toEqual({
      attempts: 30_000,
      redactions: 70_000,
    });
  });

  it('keeps the beginning of a long text', () => {
    const event = storedEvent(
      linkFitting(aDecisionEvent({ requested_model: 'é'.repeat(600_000) }), head).line,
    );
    expect(event.requested_model).toBe(`${'é'.repeat(1000)}…`);
    expect(event.truncated).toEqual({ requested_model: 600_000 });
  });

  it('fits, whatever is long in it', () => {
    const long = fc.nat(1_200_000).map((length) => '\u0001'.repeat(length));
    fc.assert(
      fc.property(long, long, fc.nat(3000), fc.nat(500), (user_id, agent_id, count, letters) => {
        const attempts = Array.from({ length: count }, () => attempt(letters));
        const { line } = linkFitting(aDecisionEvent({ user_id, agent_id, attempts }), head);
        expect(Buffer.byteLength(line)).toBeLessThan(1000 * 1024);
        expect(checkLine(line)).not.toHaveProperty('fault');
      }),
      { numRuns: 10 },
    );
  });
});
