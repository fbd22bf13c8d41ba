import { beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import { checkSharedState } from '../../../bin/doctor/check-shared-state.ts';
import { aConfig, ENTITY_FREE_CHAIN, targetsAt } from '../../support/a-gateway.ts';
import { startDynalite } from '../../support/dynalite.ts';

const configOf = (state: string) => aConfig(targetsAt('http://127.0.0.1:9/v1') + ENTITY_FREE_CHAIN + state);

describe('the check of shared circuits', () => {
  beforeEach(async () => {
    const dynamoDb = await startDynalite();
    await dynamoDb.createTable('circuits', 'id');
    vi.stubEnv('AWS_ENDPOINT_URL_DYNAMODB', dynamoDb.url);
    vi.stubEnv('AWS_REGION', 'eu-central-1');
    vi.stubEnv('AWS_ACCESS_KEY_ID', 'local');
    vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'local');
    onTestFinished(async () => {
      vi.unstubAllEnvs();
      await dynamoDb.close();
    });
  });

  it('is not made where each gateway keeps its own', async () => {
    expect(await checkSharedState(configOf(''))).toEqual([]);
  });

  it('says how fast the table answers', async () => {
    expect(await checkSharedState(configOf('state: {dynamodb: {table: circuits}}'))).toMatchObject([
      {
        name: 'shared circuits circuits',
        detail: expect.stringMatching(/^answers in \d+ ms/) as unknown,
        latency_ms: expect.any(Number) as unknown,
      },
    ]);
  });

  it('warns of a table that is not there, and says what to check', async () => {
    expect(await checkSharedState(configOf('state: {dynamodb: {table: missing}}'))).toEqual([
      {
        name: 'shared circuits missing',
        state: 'warning',
        detail:
          'no answer (ResourceNotFoundException), each gateway decides alone; ' +
          'check its name, AWS_REGION, and the rights to BatchGetItem and UpdateItem',
      },
    ]);
  });
});
