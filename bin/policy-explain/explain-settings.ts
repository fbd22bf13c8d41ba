/** How the policies are set for an explanation: as a configuration says, else by their defaults. */
import { loadConfig } from '../../lambda/config/load.ts';
import type { ChainEntry, GatewayConfig } from '../../lambda/config/gateway-config.ts';
import { readConfigFiles } from '../config-files.ts';
import { CommandFailure } from '../terminal.ts';
import type { ExplainSettings } from './explain-text.ts';

/** Every kind with its defaults; the target is never called. */
const DEFAULTS = `
pack: {name: defaults, version: 1.0.0, enabled: true}
policies: {chain: [prompt-injection, pii-detector, safety-filter]}
providers: {targets: [{id: none, provider: aimlapi}]}
`;

/** Throws CommandFailure when a file can't be read, is not valid, or lacks one of the three kinds. */
export async function explainSettings(paths: readonly string[] | undefined): Promise<ExplainSettings> {
  if (paths === undefined) return settingsOf(defaultConfig());
  return settingsOf((await readConfigFiles(paths)).config);
}

function defaultConfig(): GatewayConfig {
  const loaded = loadConfig([{ path: 'defaults', text: DEFAULTS }]);
  if (!loaded.ok) throw new Error('the defaults are not valid');
  return loaded.config;
}

/** A kind that the chain lacks is explained by its defaults. */
function settingsOf(config: GatewayConfig): ExplainSettings {
  const chain = [...config.chain, ...(config.pack.name === 'defaults' ? [] : defaultConfig().chain)];
  return {
    'prompt-injection': entryOf(chain, 'prompt-injection').settings,
    'pii-detector': entryOf(chain, 'pii-detector').settings,
    'safety-filter': entryOf(chain, 'safety-filter').settings,
  };
}

function entryOf<K extends ChainEntry['kind']>(
  chain: readonly ChainEntry[],
  kind: K,
): Extract<ChainEntry, { kind: K }> {
  const isWanted = (entry: ChainEntry): entry is Extract<ChainEntry, { kind: K }> => entry.kind === kind;
  const entry = chain.find(isWanted);
  if (entry === undefined) throw new CommandFailure(2, `no settings for ${kind}`);
  return entry;
}
