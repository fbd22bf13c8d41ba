/** What the linter says of each kind of mistake: one row each. */
import { describe, expect, it } from 'vitest';
import { problemsOf, problemsWith, targetWith, yamlWith } from './a-config.ts';

interface Row {
  readonly name: string;
  readonly changes: object;
  readonly code: string;
  readonly path: string;
  readonly says?: RegExp;
}

/** Everything that is said of the place, joined. */
function wordsAt(changes: object, path: string, code: string): string {
  const found = problemsWith(changes).filter((problem) => problem.path === path && problem.code === code);
  return found
    .map(({ message, seen, allowed, suggestion }) => [message, seen, allowed, suggestion].join(' | '))
    .join('\n');
}

const check = (rows: readonly Row[]): void => {
  it.each(rows)('$name', ({ changes, code, path, says = /./ }) => {
    expect(wordsAt(changes, path, code)).toMatch(says);
  });
};

const chain = (...entries: readonly unknown[]): object => ({ policies: { chain: entries } });
const two = [
  { id: 'one', provider: 'aimlapi' },
  { id: 'two', provider: 'aimlapi' },
];

describe('E001, kinds that do not exist', () => {
  check([
    {
      name: 'suggests the nearest kind',
      changes: chain('pii-detecter'),
      code: 'E001',
      path: 'policies.chain[0]',
      says: /did you mean `pii-detector`/,
    },
    {
      name: 'lists the kinds there are',
      changes: chain('xyz'),
      code: 'E001',
      path: 'policies.chain[0]',
      says: /prompt-injection, pii-detector, safety-filter or audit-logger/,
    },
    {
      name: 'knows the kinds of Keeptrusts that are missing',
      changes: chain('rbac'),
      code: 'E001',
      path: 'policies.chain[0]',
      says: /exists in Keeptrusts and not in this gateway/,
    },
    {
      name: 'sees kinds of conditional entries',
      changes: chain({ 'dlp-filter': { mode: 'monitor' } }),
      code: 'E001',
      path: 'policies.chain[0].dlp-filter',
    },
    {
      name: 'sees kinds with settings',
      changes: { policy: { 'cost-guard': {} } },
      code: 'E001',
      path: 'policy.cost-guard',
    },
    {
      name: 'sees kinds of test suites',
      changes: { testing: { suites: [{ name: 's', target: 'nope', cases: [] }] } },
      code: 'E004',
      path: 'testing.suites[0].target',
    },
  ]);
});

describe('E002, keys that do not exist', () => {
  check([
    {
      name: 'at the top',
      changes: { polices: {} },
      code: 'E002',
      path: 'polices',
      says: /did you mean `policies`/,
    },
    {
      name: 'in the pack',
      changes: { pack: { auther: 'x' } },
      code: 'E002',
      path: 'pack.auther',
      says: /did you mean `author`/,
    },
    {
      name: 'in a target',
      changes: targetWith({ baseUrl: 'x' }),
      code: 'E002',
      path: 'providers.targets[0].baseUrl',
      says: /did you mean `base_url`/,
    },
    {
      name: 'in a nested block',
      changes: targetWith({ health_probe: { intervall_seconds: 3 } }),
      code: 'E002',
      path: 'providers.targets[0].health_probe.intervall_seconds',
      says: /`interval_seconds`/,
    },
    {
      name: 'in an alternative',
      changes: chain({ 'pii-detector': { when: { pth: '/v1' } } }),
      code: 'E002',
      path: 'policies.chain[0].pii-detector.when.pth',
      says: /`path`/,
    },
    {
      name: 'without a suggestion where none is near',
      changes: { zzzzzzzz: 1 },
      code: 'E002',
      path: 'zzzzzzzz',
      says: /remove it/,
    },
    {
      name: 'of a condition beside its kind',
      changes: chain({ 'pii-detector': {}, when: {} }),
      code: 'E002',
      path: 'policies.chain[0].when',
      says: /indent it two more spaces/,
    },
  ]);
});

describe('E003, warnings about settings and chain', () => {
  it('tells a kind of the chain without settings', () => {
    expect(problemsWith(chain('safety-filter', 'audit-logger'))).toEqual([
      expect.objectContaining({ code: 'E003', severity: 'warning', path: 'policies.chain[0]' }),
    ]);
  });

  it('tells settings of a kind outside the chain', () => {
    expect(problemsWith({ policy: { 'pii-detector': {} } })).toEqual([
      expect.objectContaining({ code: 'E003', severity: 'warning', path: 'policy.pii-detector' }),
    ]);
  });

  it.each([
    [
      'an audit-logger that is not last',
      { ...chain('audit-logger', 'pii-detector'), policy: { 'pii-detector': {} } },
      'policies.chain[0]',
    ],
    [
      'an audit-logger under conditions',
      chain({ 'audit-logger': { mode: 'monitor' } }),
      'policies.chain[0].audit-logger',
    ],
    ['an empty chain', chain(), 'policies.chain'],
    [
      'targets that single never uses',
      { providers: { strategy: 'single', targets: two } },
      'providers.targets',
    ],
    [
      'a fallback that single never does',
      { providers: { strategy: 'single', fallback: { enabled: true } } },
      'providers.fallback.enabled',
    ],
    ['a withdrawn model', targetWith({ model: 'gemini-2.0-flash' }), 'providers.targets[0].model'],
    [
      'a withdrawn model in the shorthand',
      targetWith({ provider: 'aimlapi:chat:google/gemini-2.0-flash' }),
      'providers.targets[0].provider',
    ],
  ])('warns of %s and loads', (_, changes, path) => {
    const problems = problemsWith(changes);
    expect(problems.every(({ severity }) => severity === 'warning')).toBe(true);
    expect(problems.map((problem) => problem.path)).toContain(path);
  });

  it('says nothing of a withdrawn model at another provider', () => {
    const elsewhere = { provider: 'other', base_url: 'https://example.com', secret_key_ref: { env: 'KEY' } };
    expect(problemsWith(targetWith({ ...elsewhere, model: 'gemini-2.0-flash' }))).toEqual([]);
  });
});

describe('E004, values', () => {
  const injection = (settings: object): object => ({ policy: { 'prompt-injection': settings } });
  const at = (field: string): string => `policy.prompt-injection.${field}`;
  check([
    {
      name: 'that are missing',
      changes: { pack: { name: undefined } },
      code: 'E004',
      path: 'pack.name',
      says: /required and missing/,
    },
    {
      name: 'that are numbers in quotes',
      changes: injection({ threshold: '0.8' }),
      code: 'E004',
      path: at('threshold'),
      says: /without quotes: 0.8/,
    },
    {
      name: 'that are texts without quotes',
      changes: { pack: { name: 12 } },
      code: 'E004',
      path: 'pack.name',
      says: /in quotes: "12"/,
    },
    {
      name: 'that say yes for true',
      changes: { pack: { enabled: 'yes' } },
      code: 'E004',
      path: 'pack.enabled',
      says: /write true without quotes/,
    },
    {
      name: 'that are empty',
      changes: { policy: { 'safety-filter': null } },
      code: 'E004',
      path: 'policy.safety-filter',
      says: /an empty value.*write `\{\}`/,
    },
    {
      name: 'that are out of range',
      changes: injection({ threshold: 1.5 }),
      code: 'E004',
      path: at('threshold'),
      says: /from 0 to 1 \| use 1 or less/,
    },
    {
      name: 'that are no whole number',
      changes: targetWith({ timeout_seconds: 1.5 }),
      code: 'E004',
      path: 'providers.targets[0].timeout_seconds',
      says: /whole number/,
    },
    {
      name: 'that are not a number',
      changes: targetWith({ weight: NaN }),
      code: 'E004',
      path: 'providers.targets[0].weight',
      says: /the number NaN/,
    },
    {
      name: 'that are infinite',
      changes: targetWith({ weight: Infinity }),
      code: 'E004',
      path: 'providers.targets[0].weight',
      says: /the number Infinity/,
    },
    {
      name: 'that are zero where only more makes sense',
      changes: targetWith({ weight: 0 }),
      code: 'E004',
      path: 'providers.targets[0].weight',
      says: /above 0/,
    },
    {
      name: 'that are misspelt',
      changes: { policy: { 'safety-filter': { mode: 'strikt' } } },
      code: 'E004',
      path: 'policy.safety-filter.mode',
      says: /did you mean `strict`/,
    },
    {
      name: 'that are a mapping in place of a list',
      changes: { providers: { targets: { id: 'a' } } },
      code: 'E004',
      path: 'providers.targets',
      says: /start each entry with `- `/,
    },
    {
      name: 'that are one text in place of a list',
      changes: { policy: { 'safety-filter': { block_if: 'x' } } },
      code: 'E004',
      path: 'policy.safety-filter.block_if',
      says: /write a list: \[x\]/,
    },
    { name: 'that are blank', changes: { pack: { name: '  ' } }, code: 'E004', path: 'pack.name' },
    {
      name: 'that are too long',
      changes: { pack: { name: 'x'.repeat(201) } },
      code: 'E004',
      path: 'pack.name',
      says: /too long/,
    },
    {
      name: 'that are no semantic version',
      changes: { pack: { version: '1.0' } },
      code: 'E004',
      path: 'pack.version',
      says: /such as 1.0.0/,
    },
    { name: 'that are no kind at all', changes: chain(5), code: 'E004', path: 'policies.chain[0]' },
    {
      name: 'that name two kinds in one entry',
      changes: chain({ 'pii-detector': {}, 'audit-logger': {} }),
      code: 'E004',
      path: 'policies.chain[0]',
      says: /pii-detector and audit-logger/,
    },
    {
      name: 'that name no kind in an entry',
      changes: chain({}),
      code: 'E004',
      path: 'policies.chain[0]',
      says: /exactly one kind \| none/,
    },
    {
      name: 'that name a header twice',
      changes: chain({ 'pii-detector': { when: { header: { 'X-A': '1', 'x-a': '2' } } } }),
      code: 'E004',
      path: 'policies.chain[0].pii-detector.when.header.x-a',
    },
    {
      name: 'that are no header name',
      changes: chain({ 'pii-detector': { when: { header: { 'X A': '1' } } } }),
      code: 'E004',
      path: 'policies.chain[0].pii-detector.when.header["X A"]',
      says: /RFC 9110/,
    },
    {
      name: 'that look around in a pattern',
      changes: injection({ attack_patterns: ['a(?=b)'] }),
      code: 'E004',
      path: at('attack_patterns[0]'),
      says: /linear-time engine cannot run this pattern/,
    },
    {
      name: 'that refer back in a pattern',
      changes: { policy: { 'pii-detector': { detect_patterns: [{ name: 'X', pattern: '(a)\\1' }] } } },
      code: 'E004',
      path: 'policy.pii-detector.detect_patterns[0].pattern',
      says: /invalid escape sequence/,
    },
    {
      name: 'that blow a pattern up',
      changes: injection({ attack_patterns: ['((a{100}){100}){100}'] }),
      code: 'E004',
      path: at('attack_patterns[0]'),
      says: /repeat count/,
    },
    {
      name: 'that match the empty text',
      changes: injection({ attack_patterns: ['x*'] }),
      code: 'E004',
      path: at('attack_patterns[0]'),
      says: /matches everywhere/,
    },
    {
      name: 'that contradict a synonym',
      changes: injection({ threshold: 0.5, embedding_threshold: 0.6 }),
      code: 'E004',
      path: at('embedding_threshold'),
      says: /differs from policy.prompt-injection.threshold/,
    },
    {
      name: 'that contradict a nested synonym',
      changes: injection({ action: 'block', response: { action: 'log' } }),
      code: 'E004',
      path: at('response.action'),
    },
    {
      name: 'that contradict the shorthand',
      changes: targetWith({ provider: 'aimlapi:chat:a', model: 'b' }),
      code: 'E004',
      path: 'providers.targets[0].model',
      says: /one of the two places/,
    },
    {
      name: 'that give two strategies',
      changes: { providers: { strategy: 'single', routing: { strategy: 'ordered' } } },
      code: 'E004',
      path: 'providers.strategy',
    },
    {
      name: 'of shorthands that are none',
      changes: targetWith({ provider: 'aimlapi:embedding:x' }),
      code: 'E004',
      path: 'providers.targets[0].provider',
      says: /aimlapi:chat:<model>/,
    },
    {
      name: 'that other providers cannot do without',
      changes: targetWith({ provider: 'openai' }),
      code: 'E004',
      path: 'providers.targets[0].base_url',
      says: /required for the provider "openai"/,
    },
    {
      name: 'of backoffs in the wrong order',
      changes: { providers: { retry: { backoff_ms: 5000 } } },
      code: 'E004',
      path: 'providers.retry.max_backoff_ms',
      says: /2000 with backoff_ms 5000/,
    },
    {
      name: 'of cool-downs in the wrong order',
      changes: { providers: { circuit_breaker: { max_cooldown_seconds: 10 } } },
      code: 'E004',
      path: 'providers.circuit_breaker.max_cooldown_seconds',
    },
    {
      name: 'of probes that outlast their interval',
      changes: targetWith({ health_probe: { interval_seconds: 2 } }),
      code: 'E004',
      path: 'providers.targets[0].health_probe.timeout_seconds',
    },
    {
      name: 'of addresses that are no range',
      changes: { ip_allowlist: { cidrs: ['10.0.0.0/33'] } },
      code: 'E004',
      path: 'ip_allowlist.cidrs[0]',
      says: /10.0.0.0\/8/,
    },
    {
      name: 'of an empty test conversation',
      changes: {
        testing: {
          suites: [
            { name: 's', cases: [{ name: 'c', input: { messages: [] }, expected: { verdict: 'allow' } }] },
          ],
        },
      },
      code: 'E004',
      path: 'testing.suites[0].cases[0].input.messages',
      says: /too few entries/,
    },
  ]);

  it('still reports what else is wrong beside a block of the wrong type', () => {
    const problems = problemsOf(`${yamlWith({ pack: 5 })}\nstate: 7\ncors: [1]\n`);
    expect(problems.map(({ path }) => path)).toEqual(['pack', 'state', 'cors']);
  });
});

describe('E005, names', () => {
  const groups = (...list: readonly object[]): object => ({
    providers: { targets: two, model_groups: list },
  });
  const test = {
    name: 's',
    target: 'pii-detector',
    cases: [{ name: 'c', input: { messages: [{ role: 'user' }] }, expected: { verdict: 'allow' } }],
  };
  check([
    {
      name: 'borne by two targets',
      changes: { providers: { targets: [two[0], two[0]] } },
      code: 'E005',
      path: 'providers.targets[1].id',
      says: /providers.targets\[0\]/,
    },
    {
      name: 'of no target, in an experiment',
      changes: { providers: { ab_test: { variants: [{ provider_id: 'on', weight: 1 }] } } },
      code: 'E005',
      path: 'providers.ab_test.variants[0].provider_id',
      says: /did you mean `one`/,
    },
    {
      name: 'of one target twice, in an experiment',
      changes: {
        providers: {
          ab_test: {
            variants: [
              { provider_id: 'one', weight: 1 },
              { provider_id: 'one', weight: 1 },
            ],
          },
        },
      },
      code: 'E005',
      path: 'providers.ab_test.variants[1].provider_id',
    },
    {
      name: 'of no target, in a group',
      changes: groups({ name: 'g', targets: ['three'] }),
      code: 'E005',
      path: 'providers.model_groups[0].targets[0]',
      says: /one or two/,
    },
    {
      name: 'of one target twice, in a group',
      changes: groups({ name: 'g', targets: ['one', 'one'] }),
      code: 'E005',
      path: 'providers.model_groups[0].targets[1]',
    },
    {
      name: 'borne by two groups',
      changes: groups({ name: 'g', targets: ['one'] }, { name: 'h', targets: ['two'], aliases: ['g'] }),
      code: 'E005',
      path: 'providers.model_groups[1].aliases[0]',
    },
    {
      name: 'of a suite for a kind outside the chain',
      changes: { testing: { suites: [test] } },
      code: 'E005',
      path: 'testing.suites[0].target',
      says: /audit-logger/,
    },
    {
      name: 'borne by two suites',
      changes: { testing: { suites: [test, test] } },
      code: 'E005',
      path: 'testing.suites[1].name',
    },
    {
      name: 'of a marker for nothing',
      changes: { policy: { 'pii-detector': { redaction: { custom_markers: { EMIAL: 'x' } } } } },
      code: 'E005',
      path: 'policy.pii-detector.redaction.custom_markers.EMIAL',
      says: /did you mean `EMAIL`/,
    },
  ]);

  it('accepts a marker for a custom pattern, in either case', () => {
    const settings = {
      detect_patterns: [{ name: 'staff no', pattern: 'S[0-9]+' }],
      redaction: { custom_markers: { STAFF_NO: '[staff]', email: '[mail]' } },
    };
    expect(
      problemsWith({
        policies: { chain: ['pii-detector', 'audit-logger'] },
        policy: { 'pii-detector': settings },
      }),
    ).toEqual([]);
  });
});

describe('secrets', () => {
  const KEY = 'sk-live-3f9c2a7b8d1e4f60';
  it.each([
    ['in place of the reference', targetWith({ secret_key_ref: KEY })],
    ['as the name of a variable', targetWith({ secret_key_ref: { env: KEY } })],
    ['as a name in hex', targetWith({ secret_key_ref: { env: 'abcdef0123456789abcdef0123456789' } })],
    ['under an unknown key', targetWith({ api_key: KEY })],
    ['in an address', targetWith({ base_url: `https://user:${KEY}@example.com/v1` })],
    ['in a query', targetWith({ base_url: `https://example.com/v1?key=${KEY}` })],
    ['as a key', targetWith({ [KEY]: true })],
    ['as a provider', targetWith({ provider: KEY.toUpperCase().replace('SK-', 'sk-') })],
    ['as the pack’s version', { pack: { version: KEY } }],
    ['as a header value of the wrong type', chain({ 'pii-detector': { when: { header: [KEY] } } })],
    ['as a kind', chain(KEY)],
  ])('are refused and never printed %s', (_, changes) => {
    const problems = problemsWith(changes);
    expect(problems.some(({ severity }) => severity === 'error')).toBe(true);
    expect(JSON.stringify(problems)).not.toMatch(/3f9c2a7b8d1e4f60|abcdef0123456789/i);
  });

  it('are not quoted from lines that are not YAML', () => {
    expect(JSON.stringify(problemsOf(`a: "${KEY}\nb: [${KEY}`))).not.toContain(KEY);
  });
});
