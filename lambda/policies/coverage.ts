/** What each entry of a chain can act on, by route: asked of the policies themselves, not written down twice. */
import type { ChainEntry, PolicyKind } from '../config/gateway-config.ts';
import type { Lane } from '../wire/lane.ts';
import { ROUTE_LANES, ROUTE_PATHS, STREAMING_ROUTES } from '../wire/route-lanes.ts';
import type { ApiRoute } from '../wire/wire-format.ts';
import { beginsWith } from './chain.ts';
import { createPolicy } from './index.ts';
import type { PolicyRun } from './policy.ts';

export interface Coverage {
  /** Position in the chain. */
  readonly index: number;
  readonly kind: PolicyKind;
  readonly route: ApiRoute;
  readonly path: string;
  /** False when the entry's `when` never holds on this route. */
  readonly applies: boolean;
  readonly input: boolean;
  readonly output: boolean;
  /** How answers are judged while they stream; none where nothing streams or the kind does not judge answers. */
  readonly stream: 'realtime' | 'buffered' | 'none';
}

const ROUTES: readonly ApiRoute[] = ['chat', 'responses', 'messages', 'completions', 'embeddings'];

/** One row for each entry and route. */
export function coverageOf(chain: readonly ChainEntry[]): readonly Coverage[] {
  return chain.flatMap((entry, index) => {
    const policy = createPolicy(entry);
    return ROUTES.map((route): Coverage => {
      const path = ROUTE_PATHS[route];
      const model = entry.when?.model?.[0] ?? 'model';
      const run = policy.begin({ path, headers: {}, model, stream: true });
      const lanes = ROUTE_LANES[route];
      const input = acts(run, lanes, 'input') || run.judgeInput !== undefined;
      const output = acts(run, lanes, 'output') || (run.judgeOutput !== undefined && route !== 'embeddings');
      const streams = output && STREAMING_ROUTES.has(route);
      return {
        index,
        kind: entry.kind,
        route,
        path,
        applies: entry.when?.path === undefined || beginsWith(path, entry.when.path),
        input,
        output,
        stream: streams ? entry.streamingMode : 'none',
      };
    });
  });
}

function acts(run: PolicyRun, lanes: readonly Lane[], phase: 'input' | 'output'): boolean {
  return lanes.some((lane) => lane.phase === phase && run.openLane?.(lane) !== undefined);
}
