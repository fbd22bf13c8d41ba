/** From the checked file to the configuration that the gateway runs on. */
import { createHash } from 'node:crypto';
import { canonicalJson, mended } from './canonical-json.ts';
import type { GatewayConfig, Pack } from './gateway-config.ts';
import { resolveChain, resolveSettings } from './resolve-chain.ts';
import { resolveRouting } from './resolve-routing.ts';
import { resolveTarget } from './resolve-target.ts';
import type { ConfigFile } from './schema.ts';

/** Resolves a file that has passed the schema and the checks that span fields. */
export function resolveConfig(file: ConfigFile): GatewayConfig {
  const settings = resolveSettings(file.policy);
  const config = {
    pack: resolvePack(file.pack),
    chain: resolveChain(file.policies.chain, settings),
    targets: file.providers.targets.map(resolveTarget),
    ...resolveRouting(file.providers),
    sizeLimits: {
      maxBodyBytes: file.size_limits.max_body_bytes,
      maxResponseBytes: file.size_limits.max_response_bytes,
    },
    audit: settings['audit-logger'],
    ...resolveState(file.state),
  };
  return { ...config, hash: sha256(canonicalJson(mended(config))) };
}

function resolveState(state: ConfigFile['state']): Pick<GatewayConfig, 'state'> {
  const table = state?.dynamodb?.table;
  return table === undefined ? {} : { state: { dynamodbTable: table } };
}

function resolvePack({ name, version, enabled, id, author, description }: ConfigFile['pack']): Pack {
  return {
    id: id ?? idFromName(name),
    name,
    version,
    enabled,
    ...(author === undefined ? {} : { author }),
    ...(description === undefined ? {} : { description }),
  };
}

/** `AIML API, production` becomes `aiml-api-production`; a name without Latin letters becomes a digest of itself. */
function idFromName(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  return slug === '' ? `pack-${sha256(name).slice(0, 12)}` : slug;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
