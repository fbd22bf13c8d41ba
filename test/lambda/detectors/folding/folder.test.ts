/** The symbols that text is folded to, whole and in pieces. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldCharacter, type FoldingDepth } from '../../../../lambda/detectors/folding/fold-character.ts';
import {
  createFolder,
  foldForNow,
  foldWhole,
  WORD_END,
  WORD_START,
  type Folded,
} from '../../../../lambda/detectors/folding/folder.ts';

/** Symbols as text, with < and > where words begin and end. */
function shown({ symbols, length }: Folded): string {
  return Array.from(symbols.subarray(0, length), (symbol) =>
    symbol === WORD_START ? '<' : symbol === WORD_END ? '>' : String.fromCharCode(symbol),
  ).join('');
}

const FOLDS: readonly (readonly [name: string, text: string, depth: FoldingDepth, folded: string])[] = [
  ['letters are lowered', 'Ignore ME', 'marks', '<ignore> <me>'],
  ['white space is one space, whatever it is', 'a \t\r\n\u00a0\u3000b', 'marks', '<a> <b>'],
  ['white space at the beginning is left out', '  a', 'marks', '<a>'],
  ['hidden characters are left out', 'b\u200bo\u00adm\u202eb\u2060\ufeff', 'marks', '<bomb>'],
  ['control characters are left out', 'bo\u0000mb\u0007', 'marks', '<bomb>'],
  ['full-width letters are narrow', 'ＢＯＭＢ！', 'marks', '<bomb>!'],
  ['mathematical letters are plain', '𝐛𝗈𝘮𝚋', 'marks', '<bomb>'],
  ['letters in boxes are plain', '🅱🅾🅼🅱', 'marks', '<bomb>'],
  ['flag letters are plain', '🇧🇴', 'marks', '<bo>'],
  ['ligatures are undone', 'ﬁle', 'marks', '<file>'],
  ['ß and SS are the same', 'Straße STRASSE', 'marks', '<strasse> <strasse>'],
  ['the Turkish letters without and with a dot are i', 'KıİI', 'marks', '<kiii>'],
  ['the final sigma is a sigma', 'ΟΔΟΣ οδος', 'marks', '<οδοσ> <οδοσ>'],
  ['curly quotes and dashes are straight', '“a”—‘b’', 'marks', '"<a>"-\'<b>\''],
  ['accents stand behind their letters', 'é', 'marks', '<e\u0301>'],
  ['composed and decomposed letters are the same', 'e\u0301', 'marks', '<e\u0301>'],
  ['accents go where only the letters count', 'Señor e\u0301', 'bare', '<senor> <e>'],
  ['barred letters lose their bar there too', 'łøđ', 'bare', '<lod>'],
  ['struck-through letters are letters', 'b\u0337o\u0337', 'bare', '<bo>'],
  ['Arabic vowel signs go', 'تَجَاهَل', 'bare', '<تجاهل>'],
  ['Chinese has no word boundaries', '炸弹 a炸', 'marks', '炸弹 <a>炸'],
  ['Japanese and Korean have none either', 'がア 폭탄', 'marks', 'か\u3099ア 폭탄'],
  ['Cyrillic has', 'Бомба!', 'marks', '<бомба>!'],
  ['an apostrophe parts words', "don't", 'marks', "<don>'<t>"],
  ['only case is folded where nothing else is wanted', 'ＢＯ Mb', 'case', '<ｂｏ> <mb>'],
  ['a lone surrogate is a character', 'a\ud800b', 'marks', '<a>\ud800<b>'],
];

describe('folding', () => {
  it.each(FOLDS)('%s', (_, text, depth, folded) => {
    expect(shown(foldWhole(text, depth))).toBe(folded);
  });

  it('gives each symbol the place of its character', () => {
    const { symbols, starts, length } = foldWhole('x ﬁ\u200b!', 'marks');
    expect([...symbols.subarray(0, length)]).toEqual([1, 120, 2, 32, 1, 102, 105, 2, 33]);
    expect([...starts.subarray(0, length)]).toEqual([0, 0, 1, 1, 2, 2, 2, 4, 4]);
  });

  it('folds ASCII by table exactly as character by character', () => {
    for (let code = 32; code < 127; code += 1) {
      const { symbols } = foldCharacter(code, 'marks');
      const text = String.fromCharCode(code);
      expect(shown(foldWhole(`-${text}`, 'marks')).replaceAll(/[<>]/g, '')).toBe(
        `-${symbols}`.replaceAll(/[<>]/g, ''),
      );
    }
  });

  it('does not depend on the split', () => {
    const piece = fc.oneof(
      fc.nat(0xffff).map((unit) => String.fromCharCode(unit)),
      fc.constantFrom('a', ' ', '\u200b', '👍', '\ud83d', '\ude00', 'é', '爆', '가', '\u0301', 'ﷺ', '.'),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 12 }),
        fc.constantFrom('marks', 'bare', 'case'),
        (pieces, depth) => {
          const folder = createFolder(depth);
          // A push overwrites what the one before gave, so each is copied at once.
          const seen = (run: Folded): readonly [string, readonly number[]] => [
            shown(run),
            [...run.starts.subarray(0, run.length)],
          ];
          const runs = [...pieces.map((text) => seen(folder.push(text))), seen(folder.end())];
          const whole = seen(foldWhole(pieces.join(''), depth));
          expect([runs.map(([symbols]) => symbols).join(''), runs.flatMap(([, starts]) => starts)]).toEqual(
            whole,
          );
        },
      ),
    );
  });

  it('knows how far it has read: all but half a surrogate pair', () => {
    const folder = createFolder('marks');
    folder.push('ab\ud83d');
    expect(folder.folded()).toBe(2);
    folder.push('\ude00');
    expect(folder.folded()).toBe(4);
  });
});

/** Texts that are folded by table, and others, each long enough to be remembered. */
const SAME = [
  'Some words, and some more of them',
  'Some words, and some more of the',
  'Ünd noch ein längerer Text',
  'kurz',
  '',
];

describe('the room that all share', () => {
  it('holds what was asked for, whatever it held before', () => {
    const asking = fc.record({
      text: fc.constantFrom(...SAME),
      depth: fc.constantFrom<FoldingDepth>('case', 'marks', 'bare'),
      split: fc.nat({ max: 40 }),
      isWhole: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(asking, { maxLength: 12 }), (askings) => {
        for (const { text, depth, split, isWhole } of askings) {
          const expected = shown(foldWhole(text, depth));
          if (isWhole) {
            expect(shown(foldForNow(text, depth))).toBe(expected);
            continue;
          }
          const folder = createFolder(depth);
          const parts = [folder.push(text.slice(0, split))].map(shown);
          parts.push(shown(folder.push(text.slice(split))), shown(folder.end()));
          expect(parts.join('')).toBe(expected);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
