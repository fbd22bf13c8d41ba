/** The law of the safety reader: what is released and where a text ends do not depend on how it arrives. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldWhole } from '../../../../lambda/detectors/folding/folder.ts';
import { buildAutomaton, foldPhrase } from '../../../../lambda/detectors/phrases/automaton.ts';
import { safetyJudgement, safetyKnowledge } from '../../../../lambda/detectors/safety/safety-knowledge.ts';
import { createSafetyReader, type SafetySearch } from '../../../../lambda/detectors/safety/safety-reader.ts';

interface Outcome {
  /** What was released, after each piece and the end. */
  readonly steps: readonly string[];
  readonly released: string;
  readonly rule: string | undefined;
}

function search(phrases: readonly string[], withKnowledge = false): SafetySearch {
  return {
    phrases: buildAutomaton(phrases.map((phrase) => foldPhrase(phrase))),
    judgement: safetyJudgement('strict', []),
    ...(withKnowledge ? { knowledge: safetyKnowledge('strict') } : {}),
  };
}

/** Reads pieces until something is found. */
function readAll(pieces: readonly string[], what: SafetySearch): Outcome {
  const reader = createSafetyReader(what);
  const text = pieces.join('');
  const steps: string[] = [];
  for (const read of [...pieces.map((piece) => () => reader.push(piece)), () => reader.end()]) {
    const { frontier, finding } = read();
    steps.push(text.slice(0, frontier));
    if (finding !== undefined) return { steps, released: text.slice(0, frontier), rule: finding.name };
  }
  return { steps, released: steps.at(-1) ?? '', rule: undefined };
}

/** The same by definition: the first end of a phrase, and the earliest start then alive, found by trying all. */
function byDefinition(text: string, phrases: readonly string[]): Outcome['released'] | undefined {
  const { symbols, starts, length } = foldWhole(text, 'marks');
  const forms = phrases.map((phrase) => {
    const { symbols: units, from, to } = foldPhrase(phrase);
    return [...units.subarray(from, to)];
  });
  const isAt = (form: readonly number[], at: number, until: number): boolean =>
    form.every((unit, index) => at + index >= until || symbols[at + index] === unit);
  for (let until = 1; until <= length; until += 1) {
    const isMet = forms.some(
      (form) => form.length > 0 && form.length <= until && isAt(form, until - form.length, until),
    );
    if (!isMet) continue;
    for (let at = 0; at < until; at += 1) {
      const isAlive = forms.some((form) => form.length >= until - at && isAt(form, at, until));
      if (isAlive) return text.slice(0, starts[at]);
    }
  }
  return undefined;
}

const PHRASES = ['red blue', 'blue', 'red green blue', 'ab ab ac', '爆弾', '爆弾を作', 'c++', 'né'];
const unit = fc.constantFrom(
  'red',
  'blue',
  'green',
  'ab',
  'ac',
  ' ',
  '  ',
  '\n',
  '爆',
  '弾',
  '弾を',
  'c',
  '+',
  'ne',
  '\u0301',
  '\u200b',
  'ＢＬＵＥ',
  '.',
  'é',
);
const texts = fc.array(unit, { maxLength: 14 }).map((units) => units.join(''));

/** Every way to cut a text into two, and all single characters. */
function splits(text: string): readonly (readonly string[])[] {
  const twos = Array.from({ length: text.length + 1 }, (_, at) => [text.slice(0, at), text.slice(at)]);
  return [...twos, Array.from({ length: text.length }, (_, at) => text.charAt(at))];
}

describe('forbidden phrases', () => {
  it('are met, and the text is cut, as the definition says', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const expected = byDefinition(text, PHRASES);
        const { released, rule } = readAll([text], search(PHRASES));
        expect(rule).toBe(expected === undefined ? undefined : 'block_if');
        expect(released).toBe(expected ?? text);
      }),
      { numRuns: 500 },
    );
  });

  it('are met at the same place however the text arrives', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const whole = readAll([text], search(PHRASES));
        for (const pieces of splits(text)) {
          const { released, rule } = readAll(pieces, search(PHRASES));
          expect({ released, rule }).toEqual({ released: whole.released, rule: whole.rule });
        }
      }),
    );
  });

  it('never have a character released', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const { steps } = readAll(Array.from(text), search(PHRASES));
        const allowed = byDefinition(text, PHRASES) ?? text;
        for (const step of steps) expect(allowed.startsWith(step)).toBe(true);
        for (const [index, step] of steps.entries())
          expect(step.startsWith(steps[index - 1] ?? '')).toBe(true);
      }),
    );
  });

  const rows: readonly (readonly [
    name: string,
    phrase: string,
    text: string,
    released: string | undefined,
  ])[] = [
    ['in any case', 'Project Nightingale', 'the PROJECT nightingale file', 'the '],
    ['over white space of any kind', 'project nightingale', 'the project \n\t nightingale', 'the '],
    ['with hidden characters inside', 'nightingale', 'a night\u200bin\u00adgale', 'a '],
    ['in full-width letters', 'secret', 'a ｓｅｃｒｅｔ!', 'a '],
    ['at the end of the text', 'secret', 'a secret', 'a '],
    ['at its beginning', 'secret', 'secret a', ''],
    ['beside punctuation', 'secret', 'a "secret".', 'a "'],
    ['not inside a word', 'secret', 'secretary and unsecret', undefined],
    ['not before a combining accent', 'cafe', 'cafe\u0301', undefined],
    ['composed or decomposed', 'café', 'un cafe\u0301 noir', 'un '],
    ['not with other accents', 'ano', 'el año', undefined],
    ['in Chinese, anywhere', '炸弹', '关于炸弹的', '关于'],
    ['in Korean, with its particles', '폭탄', '그 폭탄을', '그 '],
    ['in Russian, as a word', 'бомба', 'эта Бомба!', 'эта '],
    ['not in Russian inside a word', 'бомба', 'бомбардир', undefined],
    ['with signs of its own', 'c++', 'use C++ now', 'use '],
    ['over emoji', '🚀 launch', 'the 🚀 launch', 'the '],
  ];
  it.each(rows)('are met %s', (_, phrase, text, released) => {
    const outcome = readAll([text], search([phrase]));
    expect(outcome.rule).toBe(released === undefined ? undefined : 'block_if');
    expect(outcome.released).toBe(released ?? text);
  });

  it('hold text only while it may still become a phrase', () => {
    const { steps } = readAll(['the ', 'project ', 'plan ', 'pro', 'se'], search(['project nightingale']));
    expect(steps).toEqual([
      'the ',
      'the ',
      'the project plan ',
      'the project plan ',
      'the project plan prose',
      'the project plan prose',
    ]);
  });
});

const HARMFUL = 'Here is how to build a pipe bomb at home.';
const MIXED = [
  'how to build',
  ' a',
  ' pipe',
  ' bomb',
  ' kill',
  ' a person',
  ' how do I',
  '.',
  ' in Minecraft',
  ' nothing',
  ' blue',
  ' red',
  'x',
  ' murder someone',
  ' kill yourself',
];

describe('built-in rules', () => {
  it('end the text before the word that completes them', () => {
    expect(readAll([HARMFUL], search([], true))).toMatchObject({
      released: 'Here is how to build a pipe ',
      rule: 'weapons.make-explosive',
    });
  });

  it('hold nothing but the word at hand, and that only while it matters', () => {
    const { steps } = readAll(Array.from('a pipe bomx'), search([], true));
    expect(steps.map((step) => step.length)).toEqual([0, 2, 2, 2, 2, 2, 7, 7, 7, 7, 11, 11]);
  });

  it('wait for the end of the sentence where context may clear them', () => {
    expect(readAll(['How do I kill a person in Minecraft?'], search([], true)).rule).toBeUndefined();
    expect(readAll(['How do I kill a person? Tell me.'], search([], true))).toMatchObject({
      released: 'How do I kill a person',
      rule: 'violence.kill-person',
    });
    expect(readAll(['How do I kill a person'], search([], true)).rule).toBe('violence.kill-person');
  });

  it('and forbidden phrases end the text at the same place however it arrives', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...MIXED), { maxLength: 10 }), (units) => {
        const text = units.join('');
        const what = search(['red blue', 'blue kill'], true);
        const whole = readAll([text], what);
        for (const pieces of splits(text)) {
          const { released, rule } = readAll(pieces, what);
          expect({ released, rule }).toEqual({ released: whole.released, rule: whole.rule });
        }
      }),
    );
  });
});
