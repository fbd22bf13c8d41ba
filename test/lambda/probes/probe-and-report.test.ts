import { describe, expect, it } from 'vitest';
import { probeAndReport, probedTargets } from '../../../lambda/probes/probe-and-report.ts';
import { aTarget } from '../routing/support.ts';
import { aProbedTarget, aProbeWorld } from './a-probe-world.ts';

const TARGET = aProbedTarget('a');

describe('a probe', () => {
  it('tells the circuits what it saw', async () => {
    const world = aProbeWorld(() => 7_000);
    await probeAndReport(TARGET, world.services);
    expect(world.healthOf('a')).toEqual({ failures: 0, lastProbeAt: 7_000, latencyMs: 0 });
    world.answerWith(503);
    await probeAndReport(TARGET, world.services);
    await probeAndReport(TARGET, world.services);
    expect(world.healthOf('a')).toMatchObject({ failures: 2 });
  });

  it('tells the log when a target turns, and only then', async () => {
    const world = aProbeWorld(() => 0);
    for (const status of [200, 200, 500, 500, 500, 200, 200]) {
      world.answerWith(status);
      await probeAndReport(TARGET, world.services);
    }
    expect(world.log).toEqual([
      'warn a health probe failed {"target":"a","reason":"status 500"}',
      'info a target answers its health probe again {"target":"a"}',
    ]);
  });

  it('tells nobody what is not wanted any more', async () => {
    const world = aProbeWorld(() => 0);
    world.answerWith(500);
    await probeAndReport(TARGET, world.services, () => false);
    expect(world.healthOf('a')).toBeUndefined();
    expect(world.log).toEqual([]);
  });

  it.each([['key'], [undefined], [Promise.resolve('later')]])(
    'asks with the secret %s as it is found',
    async (secret) => {
      const { services } = aProbeWorld(() => 0);
      const seen: (string | undefined)[] = [];
      const callUpstream: typeof services.callUpstream = (request) => {
        seen.push(request.headers['authorization']);
        return services.callUpstream(request);
      };
      await probeAndReport(TARGET, {
        ...services,
        callUpstream,
        secrets: { ...services.secrets, get: () => secret },
      });
      const value = await secret;
      expect(seen).toEqual([value === undefined ? undefined : `Bearer ${value}`]);
    },
  );
});

describe('the probed targets', () => {
  it('are those that want it', () => {
    expect(probedTargets([aTarget('quiet'), TARGET]).map(({ id }) => id)).toEqual(['a']);
  });
});
