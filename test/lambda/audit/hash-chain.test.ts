/** Linking and checking: what is written can be believed, and nothing else can. */
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../../lambda/config/canonical-json.ts';
import { checkLine, emptyChain, follows, link } from '../../../lambda/audit/hash-chain.ts';
import { aDecisionEvent, storedEvent } from '../../support/a-decision-event.ts';

const first = link(aDecisionEvent(), emptyChain('w'));

describe('a linked event', () => {
  it('is the event in canonical JSON with its chain', () => {
    const { chain, ...event } = storedEvent(first.line);
    expect(event).toEqual(aDecisionEvent());
    expect(canonicalJson({ ...event, chain })).toBe(first.line);
  });

  it('carries the SHA-256 of its canonical JSON without the hash', () => {
    const { chain, ...event } = storedEvent(first.line);
    const { hash, ...rest } = chain;
    const expected = createHash('sha256')
      .update(canonicalJson({ ...event, chain: rest }))
      .digest('hex');
    expect(hash).toBe(expected);
  });

  it('names its writer, its place and the hash before it', () => {
    const second = link(aDecisionEvent(), first.head);
    expect(storedEvent(first.line).chain).toMatchObject({
      writer_id: 'w',
      seq: 1,
      prev_hash: '0'.repeat(64),
    });
    expect(storedEvent(second.line).chain).toMatchObject({
      writer_id: 'w',
      seq: 2,
      prev_hash: first.head.hash,
    });
    expect(second.head).toEqual({ writerId: 'w', seq: 2, hash: storedEvent(second.line).chain.hash });
  });

  it('holds U+FFFD where the event had a lone surrogate', () => {
    const { line } = link(aDecisionEvent({ user_id: 'a\ud83d' }), emptyChain('w'));
    expect(storedEvent(line).user_id).toBe('a\ufffd');
    expect(checkLine(line)).not.toHaveProperty('fault');
  });

  it('can carry any type of record', () => {
    const { line } = link({ event_id: 'evt_s', event_type: 'start' }, emptyChain('w'));
    expect(checkLine(line)).toMatchObject({ eventId: 'evt_s', link: { seq: 1 } });
  });

  it('is not fooled by a text that looks like a chain', () => {
    const { line } = link(aDecisionEvent({ agent_id: '"chain":{"prev_hash"' }), emptyChain('w'));
    expect(checkLine(line)).not.toHaveProperty('fault');
  });
});

describe('the check of a line', () => {
  it.each([
    ['no JSON', 'x', 'unreadable'],
    ['no object', '[]', 'unreadable'],
    ['no chain', '{"event_id":"evt_1"}', 'unreadable'],
    ['another verdict', first.line.replace('"allow"', '"block"'), 'altered'],
    ['another spelling', first.line.replace('10.25', '10.250'), 'altered'],
    ['white space', `${first.line} `, 'altered'],
    ['another hash', first.line.replace(/"hash":"./, '"hash":"z'), 'altered'],
  ])('finds %s', (_, line, fault) => {
    expect(checkLine(line)).toMatchObject({ fault });
  });

  it('finds every change of one character', () => {
    const at = fc.integer({ min: 0, max: first.line.length - 1 });
    fc.assert(
      fc.property(at, fc.string({ minLength: 1, maxLength: 1 }), (index, letter) => {
        fc.pre(first.line[index] !== letter);
        const edited = first.line.slice(0, index) + letter + first.line.slice(index + 1);
        expect(checkLine(edited)).toHaveProperty('fault');
      }),
      { numRuns: 2000 },
    );
  });
});

describe('a link', () => {
  const next = storedEvent(link(aDecisionEvent(), first.head).line).chain;

  it.each([
    ['follows the head before it', first.head, true],
    ['follows no other hash', { ...first.head, hash: 'f'.repeat(64) }, false],
    ['follows no other place', { ...first.head, seq: 4 }, false],
  ])('%s', (_, head, expected) => {
    expect(follows(next, head)).toBe(expected);
  });
});
