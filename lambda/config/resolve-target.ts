/** A target of the file as the gateway calls it: shorthand taken apart, vendor's defaults filled in. */
import { readBaseUrl } from './base-url.ts';
import type { Pricing, SecretRef, Target } from './gateway-config.ts';
import { readProvider, vendorDefaults } from './provider-name.ts';
import type { TargetFile } from './providers.ts';

/** @throws Error when the target was not checked before. */
export function resolveTarget(file: TargetFile): Target {
  const provider = readProvider(file.provider);
  const defaults = vendorDefaults(provider.name);
  const model = provider.model ?? file.model;
  const { health_probe: probe } = file;
  return {
    id: file.id,
    provider: provider.name,
    ...(model === undefined ? {} : { model }),
    baseUrl: resolveBaseUrl(file.base_url ?? defaults?.baseUrl),
    secret: resolveSecret(file.secret_key_ref, defaults?.secretVariable),
    timeoutMs: file.timeout_seconds * 1000,
    streamTimeoutMs: (file.stream_timeout_seconds ?? file.timeout_seconds) * 1000,
    ...(file.max_context_tokens === undefined ? {} : { maxContextTokens: file.max_context_tokens }),
    ...(file.description === undefined ? {} : { description: file.description }),
    weight: file.weight,
    ...(file.pricing === undefined ? {} : { pricing: resolvePricing(file.pricing) }),
    healthProbe: {
      enabled: probe.enabled,
      intervalMs: probe.interval_seconds * 1000,
      timeoutMs: probe.timeout_seconds * 1000,
    },
    ...(file.data_policy === undefined ? {} : { dataPolicy: resolveDataPolicy(file.data_policy) }),
  };
}

function resolveBaseUrl(written: string | undefined): string {
  const read = readBaseUrl(written ?? '');
  if (!read.ok) throw new Error(`a checked target has a base_url: ${read.reason}`);
  return read.url;
}

function resolveSecret(reference: TargetFile['secret_key_ref'], variable: string | undefined): SecretRef {
  if (reference?.store !== undefined) return { store: reference.store };
  const env = reference?.env ?? variable;
  if (env === undefined) throw new Error('a checked target has a secret_key_ref');
  return { env };
}

function resolvePricing(file: NonNullable<TargetFile['pricing']>): Pricing {
  const { prompt, completion, cached_prompt: cachedPrompt } = file;
  return { prompt, completion, ...(cachedPrompt === undefined ? {} : { cachedPrompt }) };
}

function resolveDataPolicy(file: NonNullable<TargetFile['data_policy']>): NonNullable<Target['dataPolicy']> {
  return {
    zeroDataRetention: file.zero_data_retention,
    trainingOptOut: file.training_opt_out,
    ...(file.retention_days === undefined ? {} : { retentionDays: file.retention_days }),
  };
}
