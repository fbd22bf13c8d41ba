/** From the file to what the gateway runs on: defaults, synonyms, shorthand, units. */
import { describe, expect, it } from 'vitest';
import type { GatewayConfig } from '../../../lambda/config/gateway-config.ts';
import { configWith, targetWith } from './a-config.ts';

const two = [
  { id: 'one', provider: 'aimlapi' },
  { id: 'two', provider: 'aimlapi' },
];

/** The settings that a kind runs with. */
function settingsOf(kind: 'prompt-injection' | 'pii-detector' | 'safety-filter', settings?: object): unknown {
  const policy = settings === undefined ? {} : { policy: { [kind]: settings } };
  return configWith({ policies: { chain: [kind, 'audit-logger'] }, ...policy }).chain[0]?.settings;
}

/** The one target, changed. */
function targetOf(changes: object): GatewayConfig['targets'][number] | undefined {
  return configWith(targetWith(changes)).targets[0];
}

describe('what a file leaves out', () => {
  it('is filled in for the whole configuration', () => {
    expect(configWith()).toEqual({
      pack: { id: 'test', name: 'test', version: '1.0.0', enabled: true },
      chain: [
        {
          kind: 'audit-logger',
          streamingMode: 'realtime',
          mode: 'enforce',
          settings: {
            immutable: true,
            retentionDays: 365,
            logAllAccess: true,
            hipaaAuditControls: false,
            captureRetentionDays: 30,
          },
        },
      ],
      targets: [
        {
          id: 'one',
          provider: 'aimlapi',
          model: 'openai/gpt-4o',
          baseUrl: 'https://api.aimlapi.com/v1',
          secret: { env: 'AIMLAPI_KEY' },
          timeoutMs: 60_000,
          streamTimeoutMs: 60_000,
          weight: 1,
          healthProbe: { enabled: false, intervalMs: 30_000, timeoutMs: 5000 },
        },
      ],
      modelGroups: [],
      routing: { strategy: 'single', windowMs: 300_000, minSampleCount: 5 },
      fallback: {
        enabled: false,
        triggers: ['rate_limit', 'server_error', 'timeout', 'connection_error'],
        maxAttempts: 3,
        firstTokenTimeoutMs: 20_000,
      },
      retry: { maxRetries: 1, backoffMs: 200, maxBackoffMs: 2000 },
      circuitBreaker: {
        enabled: true,
        failureThreshold: 5,
        windowMs: 30_000,
        cooldownMs: 30_000,
        maxCooldownMs: 300_000,
        halfOpenMaxRequests: 1,
      },
      sizeLimits: { maxBodyBytes: 4_194_304, maxResponseBytes: 10_485_760 },
      audit: {
        immutable: true,
        retentionDays: 365,
        logAllAccess: true,
        hipaaAuditControls: false,
        captureRetentionDays: 30,
      },
      hash: expect.any(String) as unknown,
    });
  });

  it('is filled in for prompt-injection', () => {
    expect(settingsOf('prompt-injection')).toEqual({
      threshold: 0.8,
      action: 'block',
      attackPatterns: [],
      encoding: { decodeBase64: true, normalizeUnicode: true, detectHomoglyphs: true },
      boundaries: { enforceDelimiters: true, rejectFakeBoundaries: true },
      logLevel: 'warn',
      roles: ['user', 'tool'],
    });
  });

  it('is filled in for pii-detector', () => {
    expect(settingsOf('pii-detector')).toEqual({
      action: 'redact',
      healthcareMode: false,
      pciMode: true,
      detectPatterns: [],
      entities: [],
      redaction: {
        markerFormat: 'label',
        includeMetadata: true,
        preserveLength: false,
        customMarkers: {},
        reversible: false,
      },
    });
  });

  it('is filled in for safety-filter', () => {
    expect(settingsOf('safety-filter')).toEqual({
      mode: 'strict',
      categories: [],
      blockIf: [],
      action: 'block',
      fuzzyMatching: false,
      maxDistance: 1,
      maxAge: 0,
    });
  });

  it('is filled in for evidence even without an audit-logger in the chain', () => {
    const config = configWith({ policies: { chain: [] } });
    expect(config.chain).toEqual([]);
    expect(config.audit.retentionDays).toBe(365);
  });

  it.each([
    ['AIML API, production', 'aiml-api-production'],
    ['Zürich', 'zu-rich'],
    ['--', expect.stringMatching(/^pack-[0-9a-f]{12}$/)],
    ['网关', expect.stringMatching(/^pack-[0-9a-f]{12}$/)],
  ])('is an id made from the name %s', (name, id) => {
    expect(configWith({ pack: { name } }).pack.id).toEqual(id);
  });
});

describe('strategy and fallback', () => {
  it.each([
    ['one target', {}, 'single', false],
    ['several targets', { targets: two }, 'ordered', true],
    ['several targets without fallback', { targets: two, fallback: { enabled: false } }, 'ordered', false],
    ['single with several targets', { targets: two, strategy: 'single' }, 'single', false],
    ['the long spelling', { targets: two, routing: { strategy: 'single' } }, 'single', false],
    [
      'single with fallback asked for',
      { targets: two, strategy: 'single', fallback: { enabled: true } },
      'single',
      false,
    ],
  ])('of %s', (_, providers, strategy, enabled) => {
    const config = configWith({ providers });
    expect([config.routing.strategy, config.fallback.enabled]).toEqual([strategy, enabled]);
  });

  it('reads every spelling of a trigger, each once', () => {
    const triggers = ['rate_limit_exceeded', 'rate_limit', '5xx', 'service_unavailable', 'timeout'];
    const config = configWith({ providers: { targets: two, fallback: { triggers } } });
    expect(config.fallback.triggers).toEqual(['rate_limit', 'server_error', 'timeout']);
  });
});

describe('a target', () => {
  it.each([
    ['aimlapi:chat:gpt-4o', 'aimlapi', 'gpt-4o'],
    [
      'aimlapi:chat:meta-llama/Llama-3.3-70B-Instruct-Turbo',
      'aimlapi',
      'meta-llama/Llama-3.3-70B-Instruct-Turbo',
    ],
    ['aimlapi:chat:vendor/model:free', 'aimlapi', 'vendor/model:free'],
    ['aimlapi:chat:a:chat:b', 'aimlapi', 'a:chat:b'],
    ['aimlapi', 'aimlapi', undefined],
  ])('written %s', (provider, name, model) => {
    const target = targetOf({ provider });
    expect([target?.provider, target?.model]).toEqual([name, model]);
  });

  it('may repeat the shorthand’s model', () => {
    expect(targetOf({ provider: 'aimlapi:chat:x', model: 'x' })?.model).toBe('x');
  });

  it('of another provider takes its own address and key', () => {
    const target = targetOf({
      provider: 'openai:chat:o',
      base_url: 'https://api.openai.com',
      secret_key_ref: { store: 'openai.key-1' },
    });
    expect(target).toMatchObject({
      provider: 'openai',
      model: 'o',
      baseUrl: 'https://api.openai.com/v1',
      secret: { store: 'openai.key-1' },
    });
  });

  it('streams as long as it may answer, unless told otherwise', () => {
    expect(targetOf({ timeout_seconds: 90 })?.streamTimeoutMs).toBe(90_000);
    expect(targetOf({ timeout_seconds: 90, stream_timeout_seconds: 300 })?.streamTimeoutMs).toBe(300_000);
  });

  it('carries everything else it was given', () => {
    const given = {
      max_context_tokens: 8000,
      description: 'big',
      weight: 2.5,
      pricing: { prompt: 3.25, completion: 13, cached_prompt: 1 },
    };
    expect(targetOf(given)).toMatchObject({
      maxContextTokens: 8000,
      description: 'big',
      weight: 2.5,
      pricing: { prompt: 3.25, completion: 13, cachedPrompt: 1 },
    });
  });
});

describe('an entry of the chain', () => {
  it('carries its conditions, header names in lower case', () => {
    const when = { path: '/v1/chat', header: { 'X-Team': 'Finance' }, model: ['gpt-4o'] };
    const chain = [{ 'pii-detector': { when, streaming_mode: 'buffered', mode: 'monitor' } }, 'audit-logger'];
    expect(configWith({ policies: { chain } }).chain[0]).toMatchObject({
      kind: 'pii-detector',
      when: { path: '/v1/chat', header: { 'x-team': 'Finance' }, model: ['gpt-4o'] },
      streamingMode: 'buffered',
      mode: 'monitor',
    });
  });

  it('may stand several times under different conditions', () => {
    const chain = [{ 'pii-detector': { when: { path: '/v1/chat' } } }, 'pii-detector', 'audit-logger'];
    expect(configWith({ policies: { chain } }).chain.map(({ kind }) => kind)).toEqual([
      'pii-detector',
      'pii-detector',
      'audit-logger',
    ]);
  });
});

describe('the spellings of prompt-injection', () => {
  it.each([
    ['threshold', { threshold: 0.5 }, { threshold: 0.5 }],
    ['embedding_threshold', { embedding_threshold: 0.5 }, { threshold: 0.5 }],
    ['detection.embedding_threshold', { detection: { embedding_threshold: 0.5 } }, { threshold: 0.5 }],
    ['a threshold of zero', { threshold: 0 }, { threshold: 0 }],
    ['action', { action: 'log' }, { action: 'log' }],
    ['response.action', { response: { action: 'escalate' } }, { action: 'escalate' }],
    ['detection.attack_patterns', { detection: { attack_patterns: ['x+'] } }, { attackPatterns: ['x+'] }],
    ['the same value in two places', { threshold: 0.5, embedding_threshold: 0.5 }, { threshold: 0.5 }],
    [
      'response.message',
      { response: { message: 'No.', log_level: 'error' } },
      { message: 'No.', logLevel: 'error' },
    ],
  ])('%s', (_, settings, expected) => {
    expect(settingsOf('prompt-injection', settings)).toMatchObject(expected);
  });
});

describe('custom patterns of pii-detector', () => {
  it('get names for markers: upper case, or CUSTOM', () => {
    const settings = {
      detect_patterns: ['A[0-9]+', { name: 'employee-id no', pattern: 'E[0-9]+' }],
      redaction: { custom_markers: { 'employee-id no': '[staff]' } },
    };
    expect(settingsOf('pii-detector', settings)).toMatchObject({
      detectPatterns: [
        { name: 'CUSTOM', pattern: 'A[0-9]+' },
        { name: 'EMPLOYEE_ID_NO', pattern: 'E[0-9]+' },
      ],
      redaction: { customMarkers: { EMPLOYEE_ID_NO: '[staff]' } },
    });
  });
});

describe('a resolved configuration', () => {
  it('is plain JSON: it survives the way into a bundle', () => {
    const config = configWith({
      policies: { chain: ['prompt-injection', 'pii-detector', 'safety-filter', 'audit-logger'] },
    });
    expect(JSON.parse(JSON.stringify(config))).toEqual(config);
  });
});

describe('shared state', () => {
  it.each([
    ['is left out where the file has none', {}, undefined],
    ['is left out where the file names no table', { state: {} }, undefined],
    ['is the table that the file names', { state: { dynamodb: { table: 'ktx' } } }, { dynamodbTable: 'ktx' }],
  ])('%s', (_, changes, state) => {
    expect(configWith(changes).state).toEqual(state);
  });

  it('is part of what the hash stands for', () => {
    expect(configWith({ state: { dynamodb: { table: 'one' } } }).hash).not.toBe(configWith().hash);
  });
});
