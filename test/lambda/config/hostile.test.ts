/** Files that are broken, or made to break the reader: each has one clear problem, none ends in a crash. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { loadConfig } from '../../../lambda/config/load.ts';
import { loadGoldenCase } from '../../../lambda/config/load-golden-case.ts';
import { problemsOf, VALID, yamlWith } from './a-config.ts';

const bomb = [
  'a: &a [x, x, x, x, x, x, x, x, x, x]',
  ...['b', 'c', 'd', 'e', 'f', 'g', 'h'].map((name, index) => {
    const before = String.fromCharCode('a'.charCodeAt(0) + index);
    return `${name}: &${name} [${Array.from({ length: 10 }, () => `*${before}`).join(', ')}]`;
  }),
].join('\n');

const nested = (levels: number): string => `a: ${'['.repeat(levels)}${']'.repeat(levels)}`;

describe('a file that is not readable', () => {
  it.each([
    ['empty', '', /the file is empty/],
    ['only a comment', '# nothing\n', /the file is empty/],
    ['larger than 1 MiB', `a: ${'x'.repeat(1_048_576)}`, /too large/],
    ['a list', '- a\n- b\n', /not a mapping/],
    ['one word', 'hello', /not a mapping/],
    ['an unclosed bracket', 'a: [1, 2', /./],
    ['an unclosed quote', 'a: "x', /missing/],
    ['a tab as indentation', 'a:\n\tb: 1', /tab/],
    ['two documents', 'a: 1\n---\nb: 2', /several documents/],
    ['two colons on a line', 'a: b: c', /a second `: `/],
    ['nesting beyond the parser', nested(5_000), /too deep/],
    ['NUL characters', 'a\0: \0', /./],
  ])('%s', (_, text, says) => {
    const problems = problemsOf(text);
    expect(problems.map(({ message }) => message).join('\n')).toMatch(says);
    expect(problems.every(({ severity }) => severity === 'error')).toBe(true);
  });
});

describe('YAML that means mischief', () => {
  it.each([
    ['a key that stands twice', 'pack: {}\npack: {}', /"pack" stands twice \(first on line 1\)/],
    ['aliases that multiply', bomb, /aliases repeat more than 10000 values/],
    ['an alias of itself', 'a: &a [*a]', /nesting deeper|aliases repeat|no anchor/],
    ['an alias of nothing', 'a: *b', /./],
    ['nesting beyond 64 levels', nested(70), /nesting deeper than 64 levels/],
    ['a key __proto__', '__proto__: {polluted: true}', /`__proto__` is not allowed/],
    ['a nested key __proto__', 'pack: {__proto__: {enabled: true}}', /`__proto__` is not allowed/],
    ['a tag', 'pack: !!js/function "x"', /tags have no meaning/],
    ['a binary tag', 'pack: !!binary aGk=', /tags have no meaning/],
    ['a list as a key', '? [a]\n: b', /a key must be text/],
    ['a merge key', 'pack:\n  <<: {name: x}', /unknown key "<<"/],
    ['keys in other scripts', 'пакет: 1', /unknown key "пакет"/],
    ['a key constructor', 'constructor: 1', /unknown key "constructor"/],
  ])('%s', (_, text, says) => {
    expect(
      problemsOf(text)
        .map(({ message }) => message)
        .join('\n'),
    ).toMatch(says);
  });

  it('leaves the language’s own objects alone', () => {
    problemsOf('__proto__: {polluted: true}\nconstructor: {prototype: {polluted: true}}');
    expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  });

  it('reads plain anchors, CRLF and a byte order mark', () => {
    const text = yamlWith()
      .replace('version: 1.0.0', 'version: &v 1.0.0')
      .replace('enabled: true', 'enabled: true\n  description: *v');
    expect(loadConfig([{ path: 'f', text: `\uFEFF${text.replaceAll('\n', '\r\n')}` }])).toMatchObject({
      ok: true,
      config: { pack: { description: '1.0.0' } },
    });
  });

  it('reads YAML 1.2 whatever a directive says', () => {
    expect(problemsOf('%YAML 1.1\n---\npack: {enabled: yes}').map(({ path }) => path)).toContain(
      'pack.enabled',
    );
  });
});

describe('whatever stands in a file', () => {
  const anyYaml = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.string({ unit: fc.constantFrom(...Array.from('ab:-[]{}&*!|>"\'#%@,?\n \t0.~')), maxLength: 80 }),
    fc.jsonValue().map((value) => stringify(value)),
  );

  /** The valid file in which one place holds something arbitrary. */
  const almostValid = fc
    .tuple(
      fc.constantFrom('pack', 'policies', 'policy', 'providers', 'testing', 'cors', 'ip_allowlist'),
      fc.jsonValue(),
    )
    .map(([key, value]) => stringify({ ...VALID, [key]: value }));

  const deeplyChanged = fc
    .tuple(
      fc.constantFrom('targets', 'routing', 'fallback', 'ab_test', 'model_groups', 'retry'),
      fc.jsonValue(),
    )
    .map(([key, value]) => stringify({ ...VALID, providers: { ...VALID.providers, [key]: value } }));

  it('loading never throws, and a file that is refused has an error with a message', () => {
    fc.assert(
      fc.property(fc.oneof(anyYaml, almostValid, deeplyChanged), (text) => {
        const result = loadConfig([{ path: 'f.yaml', text }]);
        if (result.ok) return;
        expect(result.problems.some(({ severity, message }) => severity === 'error' && message !== '')).toBe(
          true,
        );
      }),
      { numRuns: 400 },
    );
  });

  it('laying a second file over it never throws', () => {
    fc.assert(
      fc.property(anyYaml, almostValid, (first, second) => {
        const files = [
          { path: 'a', text: first },
          { path: 'b', text: second },
        ];
        expect(typeof loadConfig(files).ok).toBe('boolean');
      }),
      { numRuns: 100 },
    );
  });

  it('reading it as a golden file never throws', () => {
    fc.assert(
      fc.property(anyYaml, (text) => {
        expect(typeof loadGoldenCase({ path: 'f.json', text }).ok).toBe('boolean');
      }),
      { numRuns: 100 },
    );
  });
});
