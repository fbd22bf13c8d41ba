import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { collectTexts } from '../../../bin/policy-test/collect-texts.ts';

describe('the texts of a body', () => {
  it.each([
    ['strings wherever they stand', '{"a":"x","b":[{"c":"y"}],"d":1,"e":null}', ['x', 'y']],
    ['decoded', '{"a":"\\u0041\\n\\""}', ['A\n"']],
    ['of what is no JSON: the whole', 'plain', ['plain']],
    ['of nothing: an empty one', '', ['']],
    [
      'of a stream: joined by place',
      'data: {"choices":[{"delta":{"content":"[EMAIL_"}}]}\n\ndata: {"choices":[{"delta":{"content":"REDACTED]"}}]}\n\ndata: [DONE]\n\n',
      ['[EMAIL_REDACTED]'],
    ],
  ])('%s', (_name, body, texts) => {
    expect(collectTexts(body)).toEqual(texts);
  });

  it('find a text in a stream however it was cut', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1 }), { minLength: 1 }), (parts) => {
        const frames = parts.map((content) => `data: ${JSON.stringify({ delta: { content } })}\n\n`);
        expect(collectTexts(frames.join(''))).toEqual([parts.join('')]);
      }),
    );
  });
});
