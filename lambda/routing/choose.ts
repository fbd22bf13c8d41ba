/** Chooses the targets a request is to be tried at, in order: candidates, limits, circuits, strategy, A/B test. */
import type { Target } from '../config/gateway-config.ts';
import { chooseVariant } from './ab-test.ts';
import { availabilityOf } from './availability.ts';
import { reachability } from './health.ts';
import type { NoTarget, Plan, PlanInput, PlannedTarget } from './plan.ts';
import { STRATEGIES } from './strategies/index.ts';

/** The plan for one request. Same input, same chance, same rotation: same plan. */
export function planTargets(input: PlanInput): Plan {
  const named = namedCandidates(input);
  const variant = variantOf(input, named);
  const withVariant = variant === undefined ? {} : { variant };
  const candidates = narrow(input, named, variant);

  const fitting = fittingCandidates(input, candidates);
  if (!Array.isArray(fitting)) return { kind: 'none', why: fitting, ...withVariant };

  const callable = callableCandidates(input, fitting);
  if (callable.length === 0) return { kind: 'none', why: whyNoneIsCallable(input, fitting), ...withVariant };
  return { kind: 'targets', targets: cut(input, order(input, callable, variant)), ...withVariant };
}

/** The group that the client's model names by name or alias; every target when it names none. */
function namedCandidates({ config, request }: PlanInput): readonly Target[] {
  const { model } = request;
  if (model === undefined) return config.targets;
  const group = config.modelGroups.find(({ name, aliases }) => name === model || aliases.includes(model));
  if (group === undefined) return config.targets;
  return group.targets.flatMap((id) => config.targets.find((target) => target.id === id) ?? []);
}

/** A test takes part only where all its variants are candidates: half a test would skew its shares. */
function variantOf({ config, request, random }: PlanInput, named: readonly Target[]): string | undefined {
  const { abTest } = config;
  if (abTest === undefined) return undefined;
  const isWhole = abTest.variants.every(({ providerId }) => named.some(({ id }) => id === providerId));
  return isWhole ? chooseVariant(abTest, request.stickyValue, random) : undefined;
}

/** Where nothing may stand in for the first choice, only that one is a candidate, callable or not. */
function narrow(
  { config }: PlanInput,
  named: readonly Target[],
  variant: string | undefined,
): readonly Target[] {
  if (variant !== undefined && !config.fallback.enabled) return named.filter(({ id }) => id === variant);
  if (variant === undefined && config.routing.strategy === 'single') return named.slice(0, 1);
  return named;
}

function fittingCandidates(
  { unavailable, request }: PlanInput,
  candidates: readonly Target[],
): Target[] | NoTarget {
  const present = candidates.filter(({ id }) => unavailable?.has(id) !== true);
  if (present.length === 0) return { kind: 'all_unavailable' };
  // The prompt is counted only where somebody asks for it.
  if (present.every(({ maxContextTokens }) => maxContextTokens === undefined)) return present;
  const asked = request.promptTokens + (request.maxTokens ?? 0);
  const fitting = present.filter(({ maxContextTokens }) => asked <= (maxContextTokens ?? Infinity));
  if (fitting.length > 0) return fitting;
  const largest = Math.max(...present.map(({ maxContextTokens }) => maxContextTokens ?? 0));
  return { kind: 'context_too_large', largest, asked };
}

function callableCandidates(
  { circuits, config, now }: PlanInput,
  candidates: readonly Target[],
): readonly PlannedTarget[] {
  return candidates.flatMap((target) => {
    const { kind } = availabilityOf(circuits.get(target.id), now, config.circuitBreaker);
    return kind === 'ready' || kind === 'probe_due' ? { target, probe: kind === 'probe_due' } : [];
  });
}

function whyNoneIsCallable({ circuits, config, now }: PlanInput, candidates: readonly Target[]): NoTarget {
  const waits = candidates.map(({ id }) => availabilityOf(circuits.get(id), now, config.circuitBreaker));
  const retryAt = Math.min(...waits.map((wait) => ('until' in wait ? wait.until : now)));
  return { kind: waits.some(({ kind }) => kind === 'cooling') ? 'all_cooling' : 'all_open', retryAt };
}

/** Healthy ones as the strategy says, the variant in front; those whose probes fail behind, as a last resort. */
function order(
  input: PlanInput,
  callable: readonly PlannedTarget[],
  variant: string | undefined,
): readonly PlannedTarget[] {
  const isSick = ({ target }: PlannedTarget): boolean => {
    const health = input.circuits.get(target.id)?.health;
    return reachability(health, input.now, target.healthProbe.intervalMs) === 'unreachable';
  };
  const healthy = callable.filter((planned) => !isSick(planned));
  const preferred = healthy.length > 0 ? healthy : callable;
  const chosen = preferred.find(({ target }) => target.id === variant);
  const shared = preferred.filter((planned) => planned !== chosen);
  const lastResort = callable.filter((planned) => !preferred.includes(planned));
  return [...(chosen === undefined ? [] : [chosen]), ...byStrategy(input, shared), ...lastResort];
}

function byStrategy(input: PlanInput, planned: readonly PlannedTarget[]): readonly PlannedTarget[] {
  if (planned.length < 2) return planned;
  const { routing } = input.config;
  const { promptTokens, maxTokens } = input.request;
  const { statistics, now, random } = input;
  const targets = planned.map(({ target }) => target);
  const ordered = STRATEGIES[routing.strategy]({
    targets,
    statistics,
    routing,
    promptTokens,
    maxTokens,
    now,
    random,
  });
  return ordered.flatMap((target) => planned.find((candidate) => candidate.target === target) ?? []);
}

/** As many as may be called. Targets due for a probe come on top: somebody else may have the probe. */
function cut({ config }: PlanInput, planned: readonly PlannedTarget[]): readonly PlannedTarget[] {
  const most = config.fallback.enabled ? 1 + config.fallback.maxAttempts : 1;
  let certain = 0;
  const kept: PlannedTarget[] = [];
  for (const entry of planned) {
    if (certain >= most) break;
    kept.push(entry);
    if (!entry.probe) certain += 1;
  }
  return kept;
}
