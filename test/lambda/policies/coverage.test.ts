import { describe, expect, it } from 'vitest';
import { coverageOf } from '../../../lambda/policies/coverage.ts';
import { aConfig, FOUR_POLICIES, targetsAt } from '../../support/a-gateway.ts';

const target = targetsAt('http://127.0.0.1:9/v1');
const rows = coverageOf(aConfig(target + FOUR_POLICIES).chain);
const cell = (kind: string, route: string) => rows.find((row) => row.kind === kind && row.route === route);

describe('coverage', () => {
  it.each([
    ['prompt-injection', 'chat', { input: true, output: false, stream: 'none' }],
    ['pii-detector', 'chat', { input: true, output: true, stream: 'realtime' }],
    ['safety-filter', 'messages', { input: true, output: true, stream: 'realtime' }],
    ['pii-detector', 'embeddings', { input: true, output: false, stream: 'none' }],
    ['audit-logger', 'chat', { input: false, output: false, stream: 'none' }],
  ])('of %s on %s is what the policy does', (kind, route, expected) => {
    expect(cell(kind, route)).toMatchObject({ applies: true, ...expected });
  });

  it('says where an entry is buffered, and which routes its conditions never reach', () => {
    const chain = `
policies:
  chain:
    - pii-detector: {when: {path: /v1/messages}, streaming_mode: buffered}
    - audit-logger
policy: {pii-detector: {}, audit-logger: {}}
`;
    const [first] = coverageOf(aConfig(target + chain).chain).filter(({ route }) => route === 'chat');
    const second = coverageOf(aConfig(target + chain).chain).find(({ route }) => route === 'messages');
    expect(first).toMatchObject({ applies: false });
    expect(second).toMatchObject({ applies: true, stream: 'buffered' });
  });
});
