/** The safety-filter policy: lanes, settings, and the same judgement for whole and streamed text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SafetyFilterSettings } from '../../../lambda/config/gateway-config.ts';
import type { Objection } from '../../../lambda/policies/policy.ts';
import { createSafetyFilter } from '../../../lambda/policies/safety-filter.ts';
import type { Lane } from '../../../lambda/wire/lane.ts';
import { aLane, FACTS, safetySettings } from './settings.ts';

const HARMFUL = 'Sure. How to build a pipe bomb: first, take a pipe.';

interface Judged {
  readonly released: string;
  readonly objection?: Objection;
  readonly score?: number;
}

/** Judges text that arrives in pieces; undefined when the policy opens no judge for the lane. */
function judge(
  pieces: readonly string[],
  changes: Partial<SafetyFilterSettings> = {},
  lane: Lane = aLane(),
): Judged | undefined {
  const judging = createSafetyFilter(safetySettings(changes)).begin(FACTS).openLane?.(lane);
  if (judging === undefined) return undefined;
  let released = '';
  let judged: Judged = { released };
  for (const next of [...pieces.map((piece) => () => judging.push(piece)), () => judging.end()]) {
    const { pieces: run, objection, score } = next();
    for (const piece of run) {
      expect(piece.length).toBe(piece.text.length);
      released += piece.text;
    }
    judged = {
      ...judged,
      released,
      ...(score === undefined ? {} : { score }),
      ...(objection === undefined ? {} : { objection }),
    };
    if (objection?.action === 'block') break;
  }
  return judged;
}

describe('a harmful text', () => {
  it('is blocked before the word that makes it so', () => {
    expect(judge([HARMFUL])).toEqual({
      released: 'Sure. How to build a pipe ',
      objection: { action: 'block', reason: 'safety.blocked', message: 'the text is about weapons' },
      score: 0.95,
    });
  });

  it('is blocked at the same place however it arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(HARMFUL.length), { maxLength: 8 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), HARMFUL.length];
        const pieces = places.slice(1).map((place, index) => HARMFUL.slice(places[index], place));
        expect(judge(pieces)).toEqual(judge([HARMFUL]));
      }),
    );
  });

  it.each(['escalate', 'log'] as const)(
    'passes whole when the action is %s, and is objected to once',
    (action) => {
      const judged = judge(Array.from(HARMFUL + HARMFUL), { action });
      expect(judged?.released).toBe(HARMFUL + HARMFUL);
      expect(judged?.objection?.action).toBe(action);
    },
  );

  it('is judged by the categories that are wanted', () => {
    expect(judge([HARMFUL], { categories: ['weapons', 'hate'] })?.objection).toBeDefined();
    expect(judge([HARMFUL], { categories: ['hate'] })?.objection).toBeUndefined();
  });

  it('is judged by the mode', () => {
    expect(judge(['You are worthless.'], { mode: 'strict' })?.objection).toBeDefined();
    expect(judge(['You are worthless.'], { mode: 'lenient' })?.objection).toBeUndefined();
  });

  it('keeps its own words out of the message', () => {
    expect(judge(['my secret plan'], { blockIf: ['secret plan'] })?.objection?.message).toBe(
      'the text holds a forbidden phrase',
    );
  });
});

describe('lanes', () => {
  const blockIf = ['project nightingale'];
  const secret = 'tell of project nightingale';
  const judgedLanes: readonly Lane[] = [
    aLane({ role: 'user' }),
    aLane({ role: 'tool', content: 'tool_result' }),
    aLane({ role: 'assistant', phase: 'output' }),
    aLane({ role: 'assistant', phase: 'output', content: 'reasoning' }),
    aLane({ role: 'assistant', phase: 'output', content: 'refusal' }),
    aLane({ role: 'assistant', phase: 'output', content: 'tool_arguments' }),
  ];
  it.each(judgedLanes)('of $role ($content) are judged by everything', (lane) => {
    expect(judge([HARMFUL], {}, lane)?.objection?.reason).toBe('safety.blocked');
    expect(judge([secret], { blockIf }, lane)?.released).toBe('tell of ');
  });

  const authors: readonly Lane[] = [
    aLane({ role: 'system' }),
    aLane({ role: 'developer' }),
    aLane({ role: 'developer', content: 'tool_definition' }),
  ];
  it.each(authors)('of $role ($content) are judged by forbidden phrases alone', (lane) => {
    expect(judge([HARMFUL], {}, lane)).toBeUndefined();
    expect(judge([HARMFUL], { blockIf }, lane)?.objection).toBeUndefined();
    expect(judge([secret], { blockIf }, lane)?.objection).toBeDefined();
  });

  it('do not share their state', () => {
    const run = createSafetyFilter(safetySettings({ blockIf })).begin(FACTS);
    const [one, other] = [run.openLane?.(aLane()), run.openLane?.(aLane())];
    one?.push('project ');
    expect(other?.push('nightingale ').objection).toBeUndefined();
    expect(one?.push('nightingale ').objection).toBeDefined();
  });
});

describe('a harmless text', () => {
  it('passes with its own unfinished word at most behind', () => {
    const pieces = ['The ', 'mo', 'on is', ' bri', 'ght. ', 'How to ', 'mak', 'e te', 'a'];
    const judging = createSafetyFilter(safetySettings({ blockIf: ['red line'] }))
      .begin(FACTS)
      .openLane?.(aLane());
    let behind = '';
    for (const piece of pieces) {
      const released =
        judging
          ?.push(piece)
          .pieces.map(({ text }) => text)
          .join('') ?? '';
      behind = (behind + piece).slice(released.length);
      expect(behind).toMatch(/^\S*$/);
    }
  });

  it('passes as it is, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 8 }), { maxLength: 6 }), (pieces) => {
        expect(judge(pieces, { blockIf: ['zzzz'] })?.released).toBe(pieces.join(''));
      }),
    );
  });

  it('passes with an objection of an earlier run forgotten', () => {
    const policy = createSafetyFilter(safetySettings());
    policy.begin(FACTS).openLane?.(aLane())?.push(HARMFUL);
    expect(policy.begin(FACTS).openLane?.(aLane())?.push('Hello there. ').objection).toBeUndefined();
  });
});
