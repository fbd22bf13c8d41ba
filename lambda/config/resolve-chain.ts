/** The chain of the file as the gateway runs it: each entry with its conditions and its kind's settings. */
import type { ChainEntryFile } from './chain.ts';
import type { ChainEntry, ChainEntryBase, PolicyKind, PolicySettings, When } from './gateway-config.ts';
import { isPolicyKind } from './kinds.ts';
import type { ConfigFile } from './schema.ts';
import { resolveAuditLogger } from './settings/audit-logger.ts';
import { resolvePiiDetector } from './settings/pii-detector.ts';
import { resolvePromptInjection } from './settings/prompt-injection.ts';
import { resolveSafetyFilter } from './settings/safety-filter.ts';

type Conditions = NonNullable<Exclude<ChainEntryFile, string>[PolicyKind]>;

/** Settings of every kind, whether or not the chain runs it. */
export function resolveSettings(policy: ConfigFile['policy']): PolicySettings {
  const pii = resolvePiiDetector(policy['pii-detector']);
  return {
    'prompt-injection': resolvePromptInjection(policy['prompt-injection']),
    'pii-detector': pii,
    'safety-filter': resolveSafetyFilter(policy['safety-filter']),
    'audit-logger': resolveAuditLogger(policy['audit-logger'], pii),
  };
}

/** The entries in order. */
export function resolveChain(
  chain: readonly ChainEntryFile[],
  settings: PolicySettings,
): readonly ChainEntry[] {
  return chain.map((entry) => {
    if (typeof entry === 'string')
      return withSettings(entry, { streamingMode: 'realtime', mode: 'enforce' }, settings);
    const [kind] = Object.keys(entry).filter(isPolicyKind);
    const conditions = kind === undefined ? undefined : entry[kind];
    if (kind === undefined || conditions === undefined)
      throw new Error('a checked entry of the chain names a kind');
    return withSettings(kind, resolveConditions(conditions), settings);
  });
}

function resolveConditions({ when, streaming_mode: streamingMode, mode }: Conditions): ChainEntryBase {
  return { ...(when === undefined ? {} : { when: resolveWhen(when) }), streamingMode, mode };
}

function resolveWhen({ path, header, model }: NonNullable<Conditions['when']>): When {
  return {
    ...(path === undefined ? {} : { path }),
    ...(header === undefined ? {} : { header: lowerCaseKeys(header) }),
    ...(model === undefined ? {} : { model }),
  };
}

function lowerCaseKeys(record: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key.toLowerCase(), value]));
}

function withSettings(kind: PolicyKind, base: ChainEntryBase, settings: PolicySettings): ChainEntry {
  const entries: { readonly [K in PolicyKind]: ChainEntry } = {
    'prompt-injection': { kind: 'prompt-injection', ...base, settings: settings['prompt-injection'] },
    'pii-detector': { kind: 'pii-detector', ...base, settings: settings['pii-detector'] },
    'safety-filter': { kind: 'safety-filter', ...base, settings: settings['safety-filter'] },
    'audit-logger': { kind: 'audit-logger', ...base, settings: settings['audit-logger'] },
  };
  return entries[kind];
}
