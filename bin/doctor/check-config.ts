/** What a valid configuration needs from outside: secrets and upstreams. */
import type { LoadResult } from '../../lambda/config/load.ts';
import type { Variables } from '../../lambda/config/local-environment.ts';
import { createUndiciCall } from '../../lambda/upstream/undici-call.ts';
import { missingSecrets, problemLine } from '../config-facts.ts';
import { count } from '../terminal.ts';
import { checkSharedState } from './check-shared-state.ts';
import { checkUpstreams } from './check-upstream.ts';
import { failed, ok, warning, type Check } from './check.ts';

/** Warnings of lint, secrets by name, upstreams by address. */
export async function checkConfig(
  { config, warnings }: Extract<LoadResult, { ok: true }>,
  variables: Variables,
  timeoutMs: number,
): Promise<readonly Check[]> {
  const { pack, chain, targets } = config;
  const contents = `${count(chain.length, 'policy', 'policies')}, ${count(targets.length, 'target')}`;
  const missing = missingSecrets(config, variables);
  const upstream = createUndiciCall({ connectTimeoutMs: timeoutMs });
  try {
    return [
      ok('configuration', `${pack.name} ${pack.version}: ${contents}`),
      ...(pack.enabled ? [] : [warning('configuration', 'pack.enabled is false: every call gets 503')]),
      ...warnings.map((problem) => warning('configuration', problemLine(problem))),
      ...missing.map(({ variable, targets: ids }) =>
        failed(`secret ${variable}`, `not set; ${ids.join(', ')} can't be called: export it`),
      ),
      ...(missing.length === 0 ? [ok('secrets', 'all set')] : []),
      ...(await checkUpstreams(config, { variables, call: upstream.call, timeoutMs })),
      ...(await checkSharedState(config)),
    ];
  } finally {
    await upstream.destroy();
  }
}
