/** Has the policies build what they build at their first text, so that the first caller does not wait for it. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { GatewayConfig } from '../config/gateway-config.ts';
import { createPolicy } from '../policies/index.ts';
import type { Policy } from '../policies/policy.ts';
import type { Lane, LaneText } from '../wire/lane.ts';

const FACTS = { path: '/v1/chat/completions', headers: {}, model: '', stream: false };
const TEXT = 'Which words does a text need to be understood? Not many: ask @someone, 10 times.';

/** Judges a harmless text in both phases; what a policy makes of it is of no interest. Callers get their turns. */
export async function warmUpPolicies({ chain }: GatewayConfig): Promise<void> {
  for (const entry of chain) {
    const policy = createPolicy(entry);
    for (const lane of [laneOf('input'), laneOf('output')]) {
      await nextTurn();
      await judge(policy, { lane, text: TEXT });
    }
  }
}

async function judge(policy: Policy, { lane, text }: LaneText): Promise<void> {
  const run = policy.begin(FACTS);
  const opened = run.openLane?.(lane);
  opened?.push(text);
  opened?.end();
  if (lane.phase === 'input') await run.judgeInput?.([{ lane, text }]);
  else await run.judgeOutput?.([{ lane, text }]);
}

function laneOf(phase: Lane['phase']): Lane {
  return { phase, role: phase === 'input' ? 'user' : 'assistant', content: 'message', path: '/text' };
}
