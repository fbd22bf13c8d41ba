/** What is configured and not built is refused by name; what merely stands there switched off is not. */
import { describe, expect, it } from 'vitest';
import { ENTITY_TYPES } from '../../../lambda/config/settings/entity-types.ts';
import { refuseUnbuilt } from '../../../lambda/config/unbuilt.ts';
import { BUILT_IN_ENTITIES } from '../../../lambda/detectors/pii/entities/index.ts';
import { problemsWith, targetWith } from './a-config.ts';

const limit = { max_requests: 10, window_seconds: 60 };

describe('a feature that is not built', () => {
  it.each([
    ['global_rate_limit', { global_rate_limit: limit }],
    ['user_rate_limit', { user_rate_limit: limit }],
    ['token_rate_limit', { token_rate_limit: { max_tokens: 10, window_seconds: 60 } }],
    ['consumer_groups', { consumer_groups: [{ name: 'g' }] }],
    ['cors.enabled', { cors: { enabled: true } }],
    ['ip_allowlist', { ip_allowlist: { enabled: true, cidrs: ['10.0.0.0/8'] } }],
    ['ip_allowlist', { ip_allowlist: { cidrs: ['10.0.0.0/8'] } }],
    ['policy.safety-filter.fuzzy_matching', { policy: { 'safety-filter': { fuzzy_matching: true } } }],
    ['policy.safety-filter.max_age', { policy: { 'safety-filter': { max_age: 12 } } }],
    [
      'policy.audit-logger.hipaa_audit_controls',
      { policy: { 'audit-logger': { hipaa_audit_controls: true } } },
    ],
    ['providers.targets[0].data_policy', targetWith({ data_policy: { zero_data_retention: true } })],
  ])('%s is refused at its place and for no other reason', (path, changes) => {
    expect(problemsWith(changes).filter(({ severity }) => severity === 'error')).toEqual([
      expect.objectContaining({ code: 'E004', path, message: 'not built yet in this version' }),
    ]);
  });

  it.each([
    ['cors', { cors: { enabled: false, allow_origins: ['https://example.com'] } }],
    ['ip_allowlist', { ip_allowlist: { enabled: false, cidrs: ['10.0.0.0/8'] } }],
    ['hipaa_audit_controls', { policy: { 'audit-logger': { hipaa_audit_controls: false } } }],
  ])('%s is accepted while it is switched off', (_, changes) => {
    expect(problemsWith(changes)).toEqual([]);
  });

  it.each([
    ['a strategy', { providers: { strategy: 'weighted_round_robin' } }],
    ['a strategy under routing', { providers: { routing: { strategy: 'least_busy' } } }],
    ['an A/B test', { providers: { ab_test: { variants: [{ provider_id: 'one', weight: 1 }] } } }],
    ['a model group', { providers: { model_groups: [{ name: 'smart', targets: ['one'] }] } }],
    ['a health probe', targetWith({ health_probe: { enabled: true, interval_seconds: 60 } })],
    ['the capture of redacted texts', { policy: { 'audit-logger': { capture: 'redacted' } } }],
    ['shared state', { state: { dynamodb: { table: 'shared' } } }],
  ])('%s is none', (_, changes) => {
    expect(problemsWith(changes)).toEqual([]);
  });

  it('is found whatever else is wrong with the file', () => {
    const found = refuseUnbuilt({ providers: { targets: [null, 7, { data_policy: {} }] }, cors: 'x' });
    expect(found.map(({ path }) => path)).toEqual([['providers', 'targets', 2, 'data_policy']]);
  });

  it.each([[null], [undefined], [[]], ['text']])('is not seen in %j', (root) => {
    expect(refuseUnbuilt(root)).toEqual([]);
  });
});

describe('the kinds of personal data', () => {
  it('for which there is a detector can all be named', () => {
    const names: readonly string[] = ENTITY_TYPES;
    expect(BUILT_IN_ENTITIES.filter((type) => !names.includes(type))).toEqual([]);
  });

  it('that do not exist are left to the schema', () => {
    expect(refuseUnbuilt({ policy: { 'pii-detector': { entities: ['EMIAL', 5] } } })).toEqual([]);
  });
});
