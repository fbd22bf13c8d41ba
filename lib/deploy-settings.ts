/** What the person who deploys decides, beside the policy file: read from the CDK context, `-c name=value`. */
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Node } from 'constructs';
import { readTracingVariables } from './tracing-variables.ts';

export interface DeploySettings {
  /** `-c stackName=…`. Default `KeeptrustsGateway`. */
  readonly stackName: string;
  /** `-c policyConfig=PATH`. Default `policy-config.yaml`. */
  readonly policyConfig: string;
  /** `-c environment=…`, as it stands in each event. Default `production`. */
  readonly environment: string;
  /** `-c failMode=block|allow`: what a policy that fails, or evidence that can't be stored, does. Default block. */
  readonly failMode: 'block' | 'allow';
  /**
   * `-c reservedConcurrency=N|none`: requests served at the same time, which caps what the function can spend and
   * is set aside from the account's limit. Default 50; undefined for `none`.
   */
  readonly reservedConcurrency: number | undefined;
  /** `-c memoryMiB=N`, 128 to 10240; CPU grows with it. Default 1024. */
  readonly memoryMiB: number;
  /** `-c logRetentionDays=N`: one of the periods that CloudWatch Logs knows. Default 30. */
  readonly logRetention: RetentionDays;
  /**
   * `-c objectLock=governance|compliance-cannot-be-undone`: how evidence is locked when the policy file says
   * `immutable: true`. What is locked in COMPLIANCE mode nobody can delete before its time, the account's owner
   * included. Default governance.
   */
  readonly lockMode: 'GOVERNANCE' | 'COMPLIANCE';
  /** `-c auditEncryption=s3|kms`: evidence under S3's own keys, or a key of this deployment. Default s3. */
  readonly auditEncryption: 's3' | 'kms';
  /** `-c queryScanLimitGiB=N`: how much one question to the evidence may read, 1 to 10000. Default 10. */
  readonly queryScanLimitGiB: number;
  /** `-c alarmTopicArn=ARN`: an SNS topic that is told of alarms. Default: nobody is told. */
  readonly alarmTopicArn: string | undefined;
  /** `-c OTEL_…=…`: OpenTelemetry's variables for the function, by their names. Default none: nothing is traced. */
  readonly tracing: Readonly<Record<string, string>>;
}

const TOPIC_ARN = /^arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+(\.fifo)?$/;

const LOCK_MODES = { governance: 'GOVERNANCE', 'compliance-cannot-be-undone': 'COMPLIANCE' } as const;

/** CloudWatch Logs knows these periods; the enum's highest stands for no end, which is no answer here. */
const RETENTION_DAYS = Object.values(RetentionDays).filter(
  (days): days is RetentionDays => typeof days === 'number' && days !== RetentionDays.INFINITE,
);

/** Reads one setting each; what is not allowed is an error that names it, what was seen and what is allowed. */
interface ContextReader {
  readonly text: (name: string, fallback: string) => string;
  readonly whole: (name: string, fallback: number, least: number, most: number) => number;
  readonly choice: <T>(name: string, fallback: string, choices: Readonly<Record<string, T>>) => T;
}

const refuse = (name: string, seen: string, allowed: string): never => {
  throw new Error(`-c ${name}=${seen}: allowed is ${allowed}`);
};

function contextReader(node: Node): ContextReader {
  const text = (name: string, fallback: string): string => {
    const value: unknown = node.tryGetContext(name);
    return (typeof value === 'string' && value !== '') || typeof value === 'number'
      ? String(value)
      : fallback;
  };
  return {
    text,
    whole: (name, fallback, least, most) => {
      const seen = text(name, String(fallback));
      const value = /^\d+$/.test(seen) ? Number(seen) : Number.NaN;
      return value >= least && value <= most
        ? value
        : refuse(name, seen, `a whole number from ${least} to ${most}`);
    },
    choice: (name, fallback, choices) => {
      const seen = text(name, fallback);
      const found = Object.entries(choices).find(([key]) => key === seen);
      return found?.[1] ?? refuse(name, seen, Object.keys(choices).join(' or '));
    },
  };
}

/**
 * Reads the settings from the context of the app.
 * @throws Error that names the setting, what was seen and what is allowed.
 */
export function readDeploySettings(node: Node): DeploySettings {
  const { text, whole, choice } = contextReader(node);
  const topicArn = text('alarmTopicArn', '');
  const logDays = whole('logRetentionDays', 30, 1, 3653);
  return {
    stackName: text('stackName', 'KeeptrustsGateway'),
    policyConfig: text('policyConfig', 'policy-config.yaml'),
    environment: text('environment', 'production'),
    failMode: choice('failMode', 'block', { block: 'block', allow: 'allow' }),
    reservedConcurrency:
      text('reservedConcurrency', '') === 'none' ? undefined : whole('reservedConcurrency', 50, 1, 100_000),
    memoryMiB: whole('memoryMiB', 1024, 128, 10_240),
    logRetention:
      RETENTION_DAYS.find((days: number) => days === logDays) ??
      refuse('logRetentionDays', String(logDays), `one of ${RETENTION_DAYS.join(', ')}`),
    lockMode: choice('objectLock', 'governance', LOCK_MODES),
    auditEncryption: choice('auditEncryption', 's3', { s3: 's3', kms: 'kms' }),
    queryScanLimitGiB: whole('queryScanLimitGiB', 10, 1, 10_000),
    alarmTopicArn:
      topicArn === '' || TOPIC_ARN.test(topicArn)
        ? topicArn || undefined
        : refuse('alarmTopicArn', topicArn, 'the ARN of an SNS topic'),
    tracing: readTracingVariables(node),
  };
}
