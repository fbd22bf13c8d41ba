/** Loading: what a file must be, files laid over each other, and where problems are said to stand. */
import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../../lambda/config/load.ts';
import { configWith, problemsOf, problemsWith, yamlWith } from './a-config.ts';

const PAGE_TAIL = `policies:
  chain:
    - audit-logger
policy:
  audit-logger:
    immutable: true
    retention_days: 365
    log_all_access: true
`;

const pageHead = (name: string): string => `pack:
  name: ${name}
  version: 1.0.0
  enabled: true
`;

/** The configurations of the published AIML API page, as a person would indent them. */
const PAGE: Readonly<Record<string, string>> = {
  minimal: `${pageHead('aimlapi-gateway')}policies:
  chain:
    - prompt-injection
    - pii-detector
    - safety-filter
    - audit-logger
policy:
  prompt-injection:
    threshold: 0.8
    action: block
  pii-detector:
    action: redact
  safety-filter:
    mode: strict
    action: block
  audit-logger:
    retention_days: 365
providers:
  strategy: single
  targets:
    - id: aimlapi-gpt4o
      provider: aimlapi
      model: gpt-4o
      base_url: https://api.aimlapi.com/v1
      secret_key_ref:
        env: AIMLAPI_KEY
`,
  shorthand: `${pageHead('aimlapi-providers-2')}providers:
  targets:
    - id: "aimlapi-gpt4o"
      provider: "aimlapi:chat:gpt-4o"
${PAGE_TAIL}`,
  streaming: `${pageHead('aimlapi-providers-3')}providers:
  targets:
    - id: aimlapi-streaming
      provider: aimlapi
      model: meta-llama/Llama-3.3-70B-Instruct-Turbo
${PAGE_TAIL}`,
  fallback: `${pageHead('aimlapi-providers-4')}providers:
  targets:
    - id: aimlapi-gpt4o-primary
      provider: aimlapi
      model: gpt-4o
      secret_key_ref:
        env: AIMLAPI_KEY
    - id: aimlapi-llama-fallback
      provider: aimlapi
      model: meta-llama/Llama-3.3-70B-Instruct-Turbo
      secret_key_ref:
        env: AIMLAPI_KEY
${PAGE_TAIL}`,
  'A/B': `${pageHead('aimlapi-providers-5')}providers:
  targets:
    - id: variant-gpt4o
      provider: aimlapi
      model: gpt-4o
      secret_key_ref:
        env: AIMLAPI_KEY
    - id: variant-claude
      provider: aimlapi
      model: claude-3-5-sonnet-20241022
      secret_key_ref:
        env: AIMLAPI_KEY
${PAGE_TAIL}`,
  'circuit breaker': `${pageHead('aimlapi-providers-6')}providers:
  targets:
    - id: aimlapi-primary
      provider: aimlapi
      model: gpt-4o
      secret_key_ref:
        env: AIMLAPI_KEY
${PAGE_TAIL}`,
};

describe('the configurations of the AIML API page', () => {
  it.each(Object.entries(PAGE))('%s loads unchanged', (_, text) => {
    const result = loadConfig([{ path: 'page.yaml', text }]);
    expect(result).toMatchObject({ ok: true });
  });

  it('warns about the model that was withdrawn since, and about nothing else', () => {
    const warnings = Object.entries(PAGE).flatMap(([name, text]) =>
      problemsOf(text).map(({ path, severity, suggestion }) => ({ name, path, severity, suggestion })),
    );
    expect(warnings).toEqual([
      {
        name: 'A/B',
        path: 'providers.targets[1].model',
        severity: 'warning',
        suggestion: 'use anthropic/claude-sonnet-4.6, or one of GET /v1/models',
      },
    ]);
  });
});

describe('several files', () => {
  const base = {
    path: 'base.yaml',
    text: yamlWith({ policies: { chain: ['pii-detector', 'audit-logger'] }, policy: { 'pii-detector': {} } }),
  };

  it('lets a later file change single values and keeps the rest', () => {
    const result = loadConfig([base, { path: 'b.yaml', text: 'pack: {version: 2.0.0}' }]);
    expect(result).toMatchObject({ ok: true, config: { pack: { name: 'test', version: '2.0.0' } } });
  });

  it('replaces lists whole', () => {
    const result = loadConfig([base, { path: 'b.yaml', text: 'policies: {chain: [audit-logger]}' }]);
    expect(result).toMatchObject({ ok: true, config: { chain: [{ kind: 'audit-logger' }] } });
  });

  it('names the file and line that set the bad value', () => {
    const later = { path: 'production.yaml', text: 'policy:\n  audit-logger:\n    retention_days: 0\n' };
    expect(loadConfig([base, later])).toMatchObject({
      ok: false,
      problems: [{ file: 'production.yaml', line: 3, path: 'policy.audit-logger.retention_days' }],
    });
  });

  it('asks of the merged result to be whole', () => {
    const result = loadConfig([{ path: 'b.yaml', text: 'pack: {version: 2.0.0}' }]);
    const paths = result.ok ? [] : result.problems.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(['pack.name', 'pack.enabled', 'policies', 'providers']));
  });

  it('tells the faults of every file', () => {
    const result = loadConfig([
      { path: 'a.yaml', text: 'a: [' },
      { path: 'b.yaml', text: '' },
    ]);
    const files = result.ok ? [] : result.problems.map(({ file }) => file);
    expect(new Set(files)).toEqual(new Set(['a.yaml', 'b.yaml']));
  });
});

describe('problems', () => {
  it('are all told at once, in the order of the file', () => {
    const problems = problemsOf(
      [
        'pack: {name: 5, version: one, enabled: true}',
        'policies: {chain: [pii-detectr, {audit-logger: {mode: watch}}]}',
        'policy: {audit-logger: {retention: 5}}',
        'providers: {targets: [{id: a, provider: aimlapi, timeout_seconds: 0}, {id: a, provider: aimlapi}]}',
        'extra: 1',
      ].join('\n'),
    );
    expect(
      problems
        .filter(({ severity }) => severity === 'error')
        .map(({ line, code, path }) => [line, code, path]),
    ).toEqual([
      [1, 'E004', 'pack.name'],
      [1, 'E004', 'pack.version'],
      [2, 'E001', 'policies.chain[0]'],
      [2, 'E004', 'policies.chain[1].audit-logger.mode'],
      [3, 'E002', 'policy.audit-logger.retention'],
      [4, 'E004', 'providers.targets[0].timeout_seconds'],
      [4, 'E005', 'providers.targets[1].id'],
      [5, 'E002', 'extra'],
    ]);
  });

  it('each say what was seen, what is allowed and the fix', () => {
    const [problem] = problemsWith({ policy: { 'audit-logger': { retention_days: 99_999 } } });
    expect(problem).toEqual({
      code: 'E004',
      severity: 'error',
      path: 'policy.audit-logger.retention_days',
      message: 'the value is too large',
      seen: 'the number 99999',
      allowed: 'a whole number from 1 to 36500 (days)',
      suggestion: 'use 36500 or less',
      file: 'policy-config.yaml',
      line: expect.any(Number) as unknown,
    });
  });

  it('are cut where there are more than anyone reads', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`k${index}`, 1]));
    const problems = problemsWith({ pack: many });
    expect(problems).toHaveLength(201);
    expect(problems.at(-1)?.message).toBe('and 800 more problems');
  });
});

describe('the hash of a configuration', () => {
  it('is a SHA-256 in lower-case hex', () => {
    expect(configWith().hash).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is the same for the same meaning, however it is written', () => {
    const spelled = configWith({ policy: { 'audit-logger': { retention_days: 365, immutable: true } } });
    expect(spelled.hash).toBe(configWith().hash);
  });

  it('changes with the meaning', () => {
    expect(configWith({ policy: { 'audit-logger': { retention_days: 30 } } }).hash).not.toBe(
      configWith().hash,
    );
  });
});
