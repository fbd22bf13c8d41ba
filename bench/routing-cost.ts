/** What routing and the circuits cost a request. */
import { loadConfig } from '../lambda/config/load.ts';
import { planTargets } from '../lambda/routing/choose.ts';
import { createStatistics } from '../lambda/routing/statistics.ts';
import type { CircuitStore } from '../lambda/state/circuit-store.ts';
import { createMemoryCircuitStore } from '../lambda/state/memory-circuit-store.ts';
import { quantile } from './load.ts';
import type { Row } from './table.ts';

const TARGETS = 4;
const REQUESTS = 20_000;

const YAML = `
pack: {name: bench, version: 1.0.0, enabled: true}
policies: {chain: [audit-logger]}
policy: {audit-logger: {retention_days: 1}}
providers:
  routing: {strategy: lowest_latency}
  targets:
${Array.from({ length: TARGETS }, (_, index) => `    - {id: t${index}, provider: aimlapi, model: m${index}}`).join('\n')}
`;

/** One plan, one call's statistics and one report to the circuits, of four targets by lowest latency. */
export function routingRow(): Row {
  const loaded = loadConfig([{ path: 'bench.yaml', text: YAML }]);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  const { config } = loaded;
  const circuits: CircuitStore = createMemoryCircuitStore({
    targets: config.targets,
    settings: config.circuitBreaker,
    now: Date.now,
  });
  const statistics = createStatistics(config.routing);
  const times: number[] = [];
  for (let request = 0; request < REQUESTS; request += 1) {
    const started = performance.now();
    const now = Date.now();
    const plan = planTargets({
      config,
      request: { model: 'gpt-4o', stickyValue: undefined, promptTokens: 100, maxTokens: 100 },
      circuits: circuits.views(),
      statistics,
      now,
      random: Math.random,
    });
    if (plan.kind === 'none') throw new Error('no target can be called');
    const id = plan.targets[0]?.target.id ?? '';
    statistics.started(id, now);
    statistics.finished(id, now, { ok: true, durationMs: 10 + (request % 7), ttftMs: 5 });
    circuits.report(id, { kind: 'success' });
    times.push((performance.now() - started) * 1000);
  }
  return {
    name: `routing and circuits, ${TARGETS} targets`,
    unit: 'us',
    gateway: quantile(times.slice(REQUESTS / 2), 0.5),
    goal: { kind: 'at-most', gateway: 20 },
  };
}
