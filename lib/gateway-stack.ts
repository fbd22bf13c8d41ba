/** The serving stack: the function, what it reads and what it writes. */
import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { GatewayConfig, SecretRef } from '../lambda/config/gateway-config.ts';
import { auditBucketExport } from './audit-bucket-export.ts';
import { AuditTrail } from './audit-trail.ts';
import { CircuitTable } from './circuit-table.ts';
import type { DeploySettings } from './deploy-settings.ts';
import { GatewayFunction } from './gateway-function.ts';
import { GatewaySecret } from './gateway-secret.ts';
import { KeysTable } from './keys-table.ts';
import { Observability } from './observability.ts';
import { ProbeSchedule, wantsProbes } from './probe-schedule.ts';

export interface GatewayStackProps extends StackProps {
  /** The policy file, read, checked and resolved. */
  readonly config: GatewayConfig;
  readonly settings: DeploySettings;
}

export class GatewayStack extends Stack {
  readonly watch: Observability;

  constructor(scope: Construct, id: string, props: GatewayStackProps) {
    super(scope, id, props);
    const { config, settings } = props;
    const gateway = new GatewayFunction(this, 'Gateway', { config, settings });
    const secret = new GatewaySecret(this, 'Secret');
    const keys = new KeysTable(this, 'Keys');
    const circuits = new CircuitTable(this, 'Circuits');
    const audit = new AuditTrail(this, 'Audit', { config, settings });
    for (const part of [secret, keys, circuits, audit]) part.grantTo(gateway.function);
    if (wantsProbes(config)) {
      const probes = new ProbeSchedule(this, 'Probes', { config, settings });
      circuits.grantTo(probes.function);
      secret.grantUpstreamTo(probes.function);
    }

    this.watch = new Observability(this, 'Watch', { function: gateway.function, audit, config, settings });

    this.#output('BaseUrl', `${gateway.url}v1`, 'The base URL for an OpenAI client');
    this.#output('KeysTable', keys.tableName, 'Gateway keys; kt keys finds it by the name of the stack');
    this.#output('UpstreamSecret', secret.upstreamArn, 'Takes the keys of the upstream providers');
    this.#output('AuditBucket', audit.bucket.bucketName, 'The evidence; it outlives the stack').exportName =
      auditBucketExport(this.stackName);
    this.#output('NextStep1', putSecretCommand(config, secret.upstreamArn), 'Put the upstream keys in');
    this.#output(
      'NextStep2',
      `npx kt keys create --stack ${this.stackName} --name my-app`,
      'Make a gateway key; it is shown once',
    );
    this.#output(
      'NextStep3',
      `curl -N ${gateway.url}v1/chat/completions -H 'Authorization: Bearer kt_gk_...' -H 'Content-Type: application/json' -d '{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"Hello"}]}'`,
      'Ask something',
    );
  }

  #output(id: string, value: string, description: string): CfnOutput {
    return new CfnOutput(this, id, { value, description });
  }
}

const nameOf = (ref: SecretRef): string => ('env' in ref ? ref.env : ref.store);

function putSecretCommand(config: GatewayConfig, secretArn: string): string {
  const names = new Set(config.targets.map(({ secret }) => nameOf(secret)));
  const pairs = [...names].map((name) => `"${name}":"..."`).join(',');
  return `aws secretsmanager put-secret-value --secret-id ${secretArn} --secret-string '{${pairs}}'`;
}
