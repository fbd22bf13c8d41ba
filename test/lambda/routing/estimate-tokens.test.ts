import * as fc from 'fast-check';
import { getEncoding } from 'js-tiktoken';
import { describe, expect, it } from 'vitest';
import { estimatePromptTokens } from '../../../lambda/routing/estimate-tokens.ts';
import { seeded } from './support.ts';

const ENCODINGS = [getEncoding('o200k_base'), getEncoding('cl100k_base')] as const;

/** What the bound adds for one text and for the request. */
const OVERHEAD = 24;

const most = (text: string): number =>
  Math.max(...ENCODINGS.map((encoding) => encoding.encode(text, [], []).length));
const bound = (text: string): number => estimatePromptTokens([text]) - OVERHEAD;

function draw(alphabet: string, length: number): string {
  const random = seeded(length);
  return Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)] ?? '').join('');
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const BASE64 = `${LOWER}${LOWER.toUpperCase()}0123456789+/`;

const TEXTS = [
  [
    'English',
    'The committee will meet on Tuesday to discuss next year’s budget, and you are welcome to join.',
  ],
  ['German', 'Die Rechtsschutzversicherungsgesellschaft beantwortet jede Anfrage innerhalb von zwei Wochen.'],
  ['French', 'Les élèves préparent leurs examens pendant que les professeurs corrigent les copies.'],
  ['Finnish', 'Hyvää huomenta, olisiko teillä vapaita pöytiä kahdelle hengelle tänä iltana?'],
  ['Swahili', 'Watoto wanacheza mpira wa miguu uwanjani kila siku baada ya shule.'],
  ['Russian', 'Завтра утром мы поедем на дачу, если не будет дождя.'],
  ['Chinese', '明天早上如果不下雨，我们就去公园散步。'],
  ['Hindi', 'कल सुबह अगर बारिश नहीं हुई तो हम पार्क में घूमने जाएंगे।'],
  ['emoji', '👩‍👩‍👧‍👦🎉🏳️‍🌈🤷🏽‍♂️'],
  ['code', 'export const isDue = (at: number): boolean => at <= clock.now() && !this.#closed;\n'],
  ['JSON', '{"id":"call_9f3","arguments":{"city":"Zürich","days":[1,2,3],"units":"metric"}}'],
  ['random letters', draw(LOWER, 400)],
  ['letters nobody puts together', draw('qxzjkvw', 400)],
  ['random capitals', draw(LOWER.toUpperCase(), 400)],
  ['base64', draw(BASE64, 400)],
  ['hex', draw('0123456789abcdef', 400)],
  ['digits', draw('0123456789', 400)],
  ['punctuation', draw('!"#$%&\'()*+,-./:;<=>?@[]^_`{|}~', 400)],
  ['blanks', ' '.repeat(400)],
  ['line feeds', '\n'.repeat(400)],
  ['mixed white space', draw(' \n\t\r', 400)],
  ['control characters', draw('\u0001\u0002\u0007\u001b\u007f', 400)],
] as const;

describe('the bound of prompt tokens', () => {
  it.each(TEXTS)('is not below what two tokenizers count for %s', (_name, text) => {
    expect(bound(text)).toBeGreaterThanOrEqual(most(text));
  });

  it.each(TEXTS.slice(0, 5))('is at most two and a half times the count for %s', (_name, text) => {
    expect(bound(text)).toBeLessThanOrEqual(2.5 * most(text));
  });

  it('is not below the count for any text made of random characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 50, maxLength: 200 }), (text) => {
        expect(estimatePromptTokens([text])).toBeGreaterThanOrEqual(most(text));
      }),
    );
  });

  it('never falls when text is added', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (head, tail) => {
        expect(estimatePromptTokens([head, tail])).toBeGreaterThanOrEqual(estimatePromptTokens([head]));
      }),
    );
  });

  it('counts something for a request without text', () => {
    expect(estimatePromptTokens([])).toBeGreaterThan(0);
  });
});
