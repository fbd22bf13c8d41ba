/** The range of every field: what is just within it is accepted, what is just beyond it is refused. */
import { describe, expect, it } from 'vitest';
import type { Path } from '../../../lambda/config/problem.ts';
import { configFile } from '../../../lambda/config/schema.ts';
import { formatPath } from '../../../lambda/config/show.ts';
import { isMapping } from '../../../lambda/config/tree.ts';
import { VALID } from './a-config.ts';

/** The valid file with one value set; missing mappings on the way to it are made. */
function withValue(path: Path, value: unknown): unknown {
  const set = (at: unknown, [head, ...rest]: Path): unknown => {
    if (head === undefined) return value;
    if (Array.isArray(at)) return at.map((item: unknown, index) => (index === head ? set(item, rest) : item));
    const mapping = isMapping(at) ? at : {};
    return { ...mapping, [head]: set(mapping[head], rest) };
  };
  return set(VALID, path);
}

/** Whether the schema has nothing against the value at the place; siblings that are missing do not count. */
function isAccepted(path: Path, value: unknown): boolean {
  const result = configFile.safeParse(withValue(path, value));
  const place = formatPath(path);
  const about = (issuePath: readonly PropertyKey[]): string =>
    formatPath(issuePath.map((part) => (typeof part === 'number' ? part : String(part))));
  return result.success || !result.error.issues.some((issue) => about(issue.path).startsWith(place));
}

const TARGET: Path = ['providers', 'targets', 0];

type Range = readonly [path: Path, least: number, most: number];

const WHOLE: readonly Range[] = [
  [['policy', 'audit-logger', 'retention_days'], 1, 36_500],
  [['policy', 'safety-filter', 'max_distance'], 0, 3],
  [['policy', 'safety-filter', 'max_age'], 0, 120],
  [[...TARGET, 'timeout_seconds'], 1, 900],
  [[...TARGET, 'stream_timeout_seconds'], 1, 900],
  [[...TARGET, 'max_context_tokens'], 1, 100_000_000],
  [[...TARGET, 'health_probe', 'interval_seconds'], 1, 3600],
  [[...TARGET, 'health_probe', 'timeout_seconds'], 1, 60],
  [[...TARGET, 'data_policy', 'retention_days'], 0, 36_500],
  [['providers', 'routing', 'window_seconds'], 1, 86_400],
  [['providers', 'routing', 'min_sample_count'], 1, 10_000],
  [['providers', 'fallback', 'max_fallback_attempts'], 0, 100],
  [['providers', 'fallback', 'first_token_timeout_seconds'], 1, 900],
  [['providers', 'retry', 'max_retries'], 0, 10],
  [['providers', 'retry', 'backoff_ms'], 0, 60_000],
  [['providers', 'retry', 'max_backoff_ms'], 0, 60_000],
  [['providers', 'circuit_breaker', 'failure_threshold'], 1, 10_000],
  [['providers', 'circuit_breaker', 'window_seconds'], 1, 3600],
  [['providers', 'circuit_breaker', 'cooldown_seconds'], 1, 3600],
  [['providers', 'circuit_breaker', 'max_cooldown_seconds'], 1, 86_400],
  [['providers', 'circuit_breaker', 'half_open_max_requests'], 1, 100],
  [['size_limits', 'max_body_bytes'], 1024, 1_073_741_824],
  [['size_limits', 'max_response_bytes'], 1024, 1_073_741_824],
  [['global_rate_limit', 'max_requests'], 1, 1_000_000_000_000],
  [['global_rate_limit', 'window_seconds'], 1, 86_400],
  [['user_rate_limit', 'max_requests'], 1, 1_000_000_000_000],
  [['token_rate_limit', 'max_tokens'], 1, 1_000_000_000_000],
  [['token_rate_limit', 'window_seconds'], 1, 86_400],
  [['ip_allowlist', 'trust_proxy_depth'], 0, 10],
];

describe('a whole number', () => {
  it.each(WHOLE.map(([path, least, most]) => ({ name: formatPath(path), path, least, most })))(
    '$name lies from $least to $most',
    ({ path, least, most }) => {
      expect([least, most].map((value) => isAccepted(path, value))).toEqual([true, true]);
      const refused = [least - 1, most + 1, least + 0.5, NaN, Infinity, String(least), true, null, [], {}];
      expect(refused.filter((value) => isAccepted(path, value))).toEqual([]);
    },
  );
});

const FLAGS: readonly Path[] = [
  ['pack', 'enabled'],
  ['policy', 'audit-logger', 'immutable'],
  ['policy', 'audit-logger', 'log_all_access'],
  ['policy', 'audit-logger', 'hipaa_audit_controls'],
  ['policy', 'prompt-injection', 'encoding', 'decode_base64'],
  ['policy', 'prompt-injection', 'encoding', 'normalize_unicode'],
  ['policy', 'prompt-injection', 'encoding', 'detect_homoglyphs'],
  ['policy', 'prompt-injection', 'boundaries', 'enforce_delimiters'],
  ['policy', 'prompt-injection', 'boundaries', 'reject_fake_boundaries'],
  ['policy', 'pii-detector', 'healthcare_mode'],
  ['policy', 'pii-detector', 'pci_mode'],
  ['policy', 'pii-detector', 'redaction', 'include_metadata'],
  ['policy', 'pii-detector', 'redaction', 'preserve_length'],
  ['policy', 'pii-detector', 'redaction', 'reversible'],
  ['policy', 'safety-filter', 'fuzzy_matching'],
  [...TARGET, 'health_probe', 'enabled'],
  [...TARGET, 'data_policy', 'zero_data_retention'],
  [...TARGET, 'data_policy', 'training_opt_out'],
  ['providers', 'fallback', 'enabled'],
  ['providers', 'circuit_breaker', 'enabled'],
  ['providers', 'ab_test', 'enabled'],
  ['cors', 'enabled'],
  ['ip_allowlist', 'enabled'],
];

describe('a switch', () => {
  it.each(FLAGS.map((path) => ({ name: formatPath(path), path })))('$name is true or false', ({ path }) => {
    expect([true, false].map((value) => isAccepted(path, value))).toEqual([true, true]);
    const refused = ['true', 'yes', 1, 0, null, [], {}];
    expect(refused.filter((value) => isAccepted(path, value))).toEqual([]);
  });
});

type Choice = readonly [path: Path, words: readonly string[]];

const CHOICES: readonly Choice[] = [
  [
    ['policy', 'prompt-injection', 'action'],
    ['block', 'escalate', 'log'],
  ],
  [
    ['policy', 'prompt-injection', 'response', 'log_level'],
    ['debug', 'info', 'warn', 'error'],
  ],
  [
    ['policy', 'pii-detector', 'action'],
    ['redact', 'block'],
  ],
  [
    ['policy', 'pii-detector', 'redaction', 'marker_format'],
    ['label', 'asterisks', 'partial'],
  ],
  [
    ['policy', 'safety-filter', 'action'],
    ['block', 'escalate'],
  ],
  [
    ['policy', 'safety-filter', 'mode'],
    [
      'strict',
      'moderate',
      'lenient',
      'critical_infrastructure',
      'automotive',
      'education',
      'law_enforcement',
    ],
  ],
  [
    ['policy', 'audit-logger', 'capture'],
    ['none', 'redacted'],
  ],
  [[...TARGET, 'format'], ['openai']],
  [
    ['providers', 'strategy'],
    [
      'single',
      'ordered',
      'round_robin',
      'weighted_round_robin',
      'random',
      'lowest_latency',
      'highest_throughput',
      'lowest_cost',
      'least_busy',
    ],
  ],
  [
    ['providers', 'ab_test', 'sticky_by'],
    ['user_id', 'conversation_id', 'request_id'],
  ],
  [
    ['token_rate_limit', 'scope'],
    ['global', 'user', 'consumer_group'],
  ],
];

describe('a choice', () => {
  it.each(CHOICES.map(([path, words]) => ({ name: formatPath(path), path, words })))(
    '$name is one of $words',
    ({ path, words }) => {
      expect(words.filter((word) => !isAccepted(path, word))).toEqual([]);
      const refused = ['', 'other', ...words.map((word) => word.toUpperCase()), 1, true, null, [], {}];
      expect(refused.filter((value) => isAccepted(path, value))).toEqual([]);
    },
  );
});

interface Form {
  readonly path: Path;
  readonly accepted: readonly unknown[];
  readonly refused: readonly unknown[];
}

const FORMS: readonly Form[] = [
  {
    path: ['pack', 'version'],
    accepted: ['0.0.0', '1.2.3', '1.0.0-rc.1', '1.0.0+build.5', '1.0.0-a-b+c'],
    refused: ['1', '1.0', 'v1.0.0', '01.0.0', '1.0.0-', '1.0.0-01', ' 1.0.0', '1.0.0 ', 1],
  },
  {
    path: ['pack', 'name'],
    accepted: ['a', 'ключ', 'x'.repeat(200)],
    refused: ['', ' ', 'x'.repeat(201), 1],
  },
  { path: ['pack', 'description'], accepted: ['x'.repeat(2000)], refused: ['x'.repeat(2001)] },
  { path: ['pack', 'author'], accepted: ['x'.repeat(200)], refused: ['x'.repeat(201), ''] },
  { path: ['pack', 'id'], accepted: ['a', 'A.b_c-1'], refused: ['', '-a', 'a b', 'ключ', 'a/b'] },
  {
    path: ['policy', 'prompt-injection', 'threshold'],
    accepted: [0, 0.5, 1],
    refused: [-0.01, 1.01, NaN, '0.5', null],
  },
  {
    path: ['policy', 'prompt-injection', 'roles'],
    accepted: [['user'], ['user', 'tool', 'assistant']],
    refused: [[], ['system'], ['developer'], 'user'],
  },
  {
    path: ['policy', 'pii-detector', 'detect_patterns'],
    accepted: [[], ['a+'], [{ name: 'A', pattern: 'a+' }], ['\\bEMP-\\d+\\b', '(?i)x']],
    refused: [
      [''],
      [{ pattern: 'a' }],
      [{ name: '1', pattern: 'a' }],
      [{ name: 'A', pattern: '(' }],
      ['a{1001}'],
    ],
  },
  {
    path: ['policy', 'pii-detector', 'entities'],
    accepted: [[], ['EMAIL', 'PERSON']],
    refused: [['email'], ['CUSTOM'], 'EMAIL'],
  },
  {
    path: ['policy', 'safety-filter', 'categories'],
    accepted: [[], ['hate', 'sexual_minors']],
    refused: [['Hate'], ['other']],
  },
  { path: ['policy', 'safety-filter', 'block_if'], accepted: [[], ['a b']], refused: [[''], [' '], [1]] },
  {
    path: [...TARGET, 'id'],
    accepted: ['a', 'aimlapi/gpt-4o:1', 'x'.repeat(128)],
    refused: ['', 'a b', 'a\n', 'é', 'x'.repeat(129), 1],
  },
  {
    path: [...TARGET, 'provider'],
    accepted: ['aimlapi', 'openai', 'my-models.v2', 'aimlapi:chat:a/b:c'],
    refused: ['', 'AIMLAPI', 'aimlapi:', 'aimlapi:chat:', 'aimlapi:gpt-4o', 'aimlapi:image:x', 'a b', 1],
  },
  {
    path: [...TARGET, 'secret_key_ref', 'env'],
    accepted: ['AIMLAPI_KEY', '_x1'],
    refused: ['', '1A', 'A-B', 'A B', 'A$', 1],
  },
  {
    path: [...TARGET, 'secret_key_ref', 'store'],
    accepted: ['a', 'openai_prod-key.1'],
    refused: ['', 'a b', 'a/b', 'ü', 1],
  },
  { path: [...TARGET, 'weight'], accepted: [0.001, 1, 1_000_000], refused: [0, -1, NaN, Infinity, '1'] },
  {
    path: [...TARGET, 'pricing'],
    accepted: [
      { prompt: 0, completion: 0 },
      { prompt: 3.25, completion: 13, cached_prompt: 1 },
    ],
    refused: [{}, { prompt: 1 }, { prompt: -1, completion: 1 }, { prompt: 1, completion: 1, unit: 'EUR' }, 3],
  },
  {
    path: ['providers', 'fallback', 'triggers'],
    accepted: [['timeout'], ['5xx', 'rate_limit_exceeded', 'service_unavailable']],
    refused: [[], ['4xx'], 'timeout'],
  },
  { path: ['providers', 'targets'], accepted: [], refused: [[], {}, null, 'a'] },
  {
    path: ['policies', 'chain'],
    accepted: [[], ['audit-logger'], [{ 'pii-detector': {} }]],
    refused: [{}, null, 'audit-logger', ['x'], [null], [[]]],
  },
  {
    path: ['ip_allowlist', 'cidrs'],
    accepted: [['10.0.0.0/8'], ['0.0.0.0/0', '2001:db8::/32', '::1/128']],
    refused: [
      [],
      ['10.0.0.0'],
      ['10.0.0.0/33'],
      ['::/129'],
      ['10.0.0/8'],
      ['a/8'],
      ['10.0.0.0/8/8'],
      ['10.0.0.0/'],
    ],
  },
  {
    path: ['user_rate_limit', 'header_names'],
    accepted: [['x-user-id', 'X-Api-User']],
    refused: [[], ['x user'], [''], ['x:y']],
  },
  {
    path: ['consumer_groups'],
    accepted: [
      [],
      [
        {
          name: 'g',
          allowed_models: ['gpt-4o*'],
          rate_limits: { requests_per_minute: 60, tokens_per_minute: 1, tokens_per_day: 2 },
          budget: { usd_per_day: 0.5, usd_per_month: 10 },
        },
      ],
    ],
    refused: [
      [{}],
      [{ name: 'g', budget: { usd_per_day: 0 } }],
      [{ name: 'g', rate_limits: { rpm: 1 } }],
      {},
    ],
  },
  { path: ['state', 'dynamodb', 'table'], accepted: ['abc', 'a.b_c-1'], refused: ['ab', 'a b', '', 1] },
];

describe('a form', () => {
  it.each(FORMS.map((form) => ({ name: formatPath(form.path), ...form })))(
    '$name is held to',
    ({ path, accepted, refused }) => {
      expect(accepted.filter((value) => !isAccepted(path, value))).toEqual([]);
      expect(refused.filter((value) => isAccepted(path, value))).toEqual([]);
    },
  );
});
