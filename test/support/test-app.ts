/** A CDK app with the feature flags of cdk.json, in which no function is bundled. */
import { readFileSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { z } from 'zod';
import type { AuditSettings, GatewayConfig } from '../../lambda/config/gateway-config.ts';
import { loadConfig } from '../../lambda/config/load.ts';
import { readDeploySettings } from '../../lib/deploy-settings.ts';
import { GatewayStack } from '../../lib/gateway-stack.ts';

const cdkJson = z.object({ context: z.record(z.string(), z.unknown()) });

/** @param context As given with -c. */
export function aTestApp(context: Readonly<Record<string, unknown>> = {}): App {
  const { context: flags } = cdkJson.parse(JSON.parse(readFileSync('cdk.json', 'utf8')));
  return new App({ context: { ...flags, ...context, 'aws:cdk:bundling-stacks': [] } });
}

/** A resolved configuration with the four kinds of policies. */
export function aConfig(audit: Partial<AuditSettings> = {}): GatewayConfig {
  const text = `
pack: {name: test-pack, version: 1.2.3, enabled: true}
policies: {chain: [prompt-injection, pii-detector, safety-filter, audit-logger]}
providers:
  strategy: ordered
  targets:
    - {id: first, provider: aimlapi, model: gpt-4o, secret_key_ref: {env: AIMLAPI_KEY}}
    - {id: second, provider: aimlapi, model: gpt-4o-mini, secret_key_ref: {store: other-key}}
`;
  const result = loadConfig([{ path: 'policy-config.yaml', text }]);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('\n'));
  return { ...result.config, audit: { ...result.config.audit, ...audit } };
}

export interface StackOptions {
  readonly audit?: Partial<AuditSettings>;
  readonly context?: Readonly<Record<string, unknown>>;
}

/** The serving stack in an app of its own. */
export function aStack({ audit, context }: StackOptions = {}): GatewayStack {
  const app = aTestApp(context);
  const settings = readDeploySettings(app.node);
  return new GatewayStack(app, settings.stackName, { config: aConfig(audit), settings });
}

/** The template of that stack. */
export function aTemplate(options: StackOptions = {}): Template {
  return Template.fromStack(aStack(options));
}
