/** The four-policy chain without HTTP: what it costs to judge a text of a given length. */
import { loadConfig } from '../lambda/config/load.ts';
import { openChain } from '../lambda/policies/chain.ts';
import { createPolicy } from '../lambda/policies/index.ts';
import type { LocatedText } from '../lambda/wire/wire-format.ts';
import { quantile } from './load.ts';
import type { Row } from './table.ts';
import { policyConfig, proseOf } from './workload.ts';

const FACTS = { path: '/v1/chat/completions', headers: {}, model: 'gpt-4o', stream: false };

/** The median over many judgements of the same clean prose, the chain opened afresh each time. */
export async function chainRow(length: number, goal: number): Promise<Row> {
  const loaded = loadConfig([{ path: 'bench.yaml', text: policyConfig('http://127.0.0.1:9/v1') }]);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ message }) => message).join('\n'));
  const links = loaded.config.chain.map((entry) => ({ entry, policy: createPolicy(entry) }));
  const source: LocatedText = {
    lane: { phase: 'input', role: 'user', content: 'message', path: '/messages/0/content' },
    at: ['messages', 0, 'content'],
    text: proseOf(length),
    form: 'text',
  };
  const tools = { elapsed: () => performance.now(), failMode: 'block' as const };
  const times: number[] = [];
  const end = performance.now() + 2000;
  while (performance.now() < end || times.length < 100) {
    const started = performance.now();
    await openChain(links, FACTS, tools).judge('input', [source]);
    times.push((performance.now() - started) * 1000);
  }
  const settled = times.slice(Math.floor(times.length / 3));
  return {
    name: `chain alone, ${length} characters`,
    unit: 'us',
    gateway: quantile(settled, 0.5),
    goal: { kind: 'at-most', gateway: goal },
  };
}
