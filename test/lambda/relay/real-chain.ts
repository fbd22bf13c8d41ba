/** The chain of the four policies that the product begins with. */
import { openChain } from '../../../lambda/policies/chain.ts';
import type { Chain, Link } from '../../../lambda/policies/chain.ts';
import { createPolicy } from '../../../lambda/policies/index.ts';
import { aConfig, FOUR_POLICIES, targetsAt } from '../../support/a-gateway.ts';

/** Opens chains of these policies, built once. */
export function realChain(policies = FOUR_POLICIES): () => Chain {
  const config = aConfig(targetsAt('http://127.0.0.1:9/v1') + policies);
  const links: readonly Link[] = config.chain.map((entry) => ({ entry, policy: createPolicy(entry) }));
  const facts = { path: '/v1/x', headers: {}, model: 'm', stream: true };
  return () => openChain(links, facts, { elapsed: () => 0, failMode: 'block' });
}

const open = realChain();

/** What the chain leaves of a whole text of a reply. */
export function wholeText(text: string, form: 'text' | 'json'): string {
  const lane = open().openLane(
    { phase: 'output', role: 'assistant', content: 'message', path: '/choices/0/message/content' },
    form,
  );
  if (lane === undefined) return text;
  const pieces = [...lane.push(text).pieces, ...lane.end().pieces];
  return pieces.map((piece) => piece.text).join('');
}
