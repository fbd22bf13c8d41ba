/** An upstream's words reach a caller without markup, secrets, insides, and never too long. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText } from '../../../lambda/upstream/clean-text.ts';

describe('cleanText hides', () => {
  it.each([
    ['a bearer token', 'got Authorization: Bearer abcdef.1234', 'got Authorization: Bearer [SECRET]'],
    ['a prefixed key', 'bad sk-proj-abc123def456 here', 'bad [SECRET] here'],
    ['a key of 32 hex digits', 'for 0123456789abcdef0123456789abcdef.', 'for [SECRET].'],
    ['a JSON web token', 'eyJhbGciOi.eyJzdWIiOi.sig', '[SECRET]'],
    [
      'the word after key:',
      'Incorrect API key provided: hunter2secret. Find yours',
      'Incorrect API key provided: [SECRET] Find yours',
    ],
    ['the word after key=', '?key=abcd1234&x=1', '?key=[SECRET]'],
    ['a quoted key', "the key 'my-own-word' is unknown", "the key '[SECRET]' is unknown"],
    ['a starred key', 'API key sk12****9f is wrong', 'API key [SECRET] is wrong'],
    ['a path', 'ENOENT /usr/src/app/dist/main.js:10:4 x', 'ENOENT [PATH] x'],
    ['a Windows path', 'in C:\\srv\\app.js now', 'in [PATH] now'],
    ['a host', 'getaddrinfo ENOTFOUND llm-7.prod.svc.cluster.local:8080', 'getaddrinfo ENOTFOUND [HOST]'],
    ['a private address', 'connect ECONNREFUSED 10.0.3.4:8080', 'connect ECONNREFUSED [HOST]'],
    ['a loopback port', 'at localhost:3000', 'at [HOST]'],
    ['a stack trace', 'TypeError: x\n    at f (main.js:1:2)\n    at g (main.js:3:4)', 'TypeError: x'],
    [
      'markup',
      '<html><head><title>t</title><style>b{}</style></head><body><!-- c --><h1>502 Bad Gateway</h1></body></html>',
      '502 Bad Gateway',
    ],
    ['control characters and line breaks', 'a\u0000b\r\n\tc', 'a b c'],
  ])('%s', (_, text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });
});

describe('cleanText leaves', () => {
  it.each([
    'This endpoint requires a valid API key. Find yours on the keys page',
    'model meta-llama/Llama-3.3-70B-Instruct-Turbo is under maintenance',
    'claude-sonnet-4-6-20250929 and text-embedding-3-small',
    'max_tokens: 900000 > 64000, which is the maximum',
    'temperature must be < 2 and > 0',
    'request 070b6dda-290b-485d-8ece-8fd5d7000535 failed',
    'Erwartet: Zeichenkette — 期待される文字列',
  ])('%j', (text) => {
    expect(cleanText(text)).toBe(text);
  });
});

describe('cleanText', () => {
  it('cuts after 1000 units and never through a character', () => {
    expect(cleanText('ab '.repeat(600))).toHaveLength(1000);
    expect(cleanText(`${'a '.repeat(499)}😀 more`)).toBe(`${'a '.repeat(499)}…`);
  });

  it('gives one line of bounded length for any text, twice the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.nat(60), (part, times) => {
        const text = part.repeat(times);
        const clean = cleanText(text);
        expect(clean.length).toBeLessThanOrEqual(1000);
        expect(clean).not.toMatch(/[\r\n\p{Cc}]/u);
        expect(cleanText(text)).toBe(clean);
      }),
    );
  });

  it.each([
    ['tags', '<a'.repeat(60_000)],
    ['keys', 'key '.repeat(30_000)],
    ['stacks', '\n at '.repeat(30_000)],
    ['hosts', 'a.'.repeat(60_000)],
    ['titles', '<title>'.repeat(20_000)],
    ['word characters', 'a1_'.repeat(40_000)],
  ])('reads a hostile text of %s to its end', (_, text) => {
    expect(cleanText(text).length).toBeLessThanOrEqual(1000);
  });
});
