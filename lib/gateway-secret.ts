/** The secrets of the gateway: the upstream keys, which a person puts in, and the key of the hashes in events. */
import { SecretValue, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { DIGEST_KEY, ENVIRONMENT_NAMES } from '../lambda/config/environment.ts';

export class GatewaySecret extends Construct {
  readonly #upstream: Secret;
  readonly #digest: Secret;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    // The initial value must never depend on the policy file: a change of it would overwrite what was put in since.
    this.#upstream = new Secret(this, 'Upstream', {
      description: 'Keys of the upstream providers: one JSON object, the names of the policy file to values',
      secretStringValue: SecretValue.unsafePlainText('{}'),
    });
    this.#digest = new Secret(this, 'Digest', {
      description: 'HMAC key of the hashes in decision events; a new value makes older hashes incomparable',
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: DIGEST_KEY,
        passwordLength: 64,
        excludePunctuation: true,
      },
    });
    Validations.of(this.#upstream).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'the value belongs to the upstream provider, who alone can issue a new one; a new value needs no deploy',
    });
    Validations.of(this.#digest).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason: 'hashes of one deployment must stay comparable; the key protects short texts and opens nothing',
    });
  }

  get upstreamArn(): string {
    return this.#upstream.secretArn;
  }

  /** The function reads both values. */
  grantTo(fn: Function): void {
    this.grantUpstreamTo(fn);
    fn.addEnvironment(ENVIRONMENT_NAMES.digestSecret, this.#digest.secretArn);
    letRead(fn, this.#digest);
  }

  /** The function reads the upstream keys alone. */
  grantUpstreamTo(fn: Function): void {
    fn.addEnvironment(ENVIRONMENT_NAMES.upstreamSecret, this.#upstream.secretArn);
    letRead(fn, this.#upstream);
  }
}

function letRead(fn: Function, { secretArn }: Secret): void {
  fn.addToRolePolicy(
    new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [secretArn] }),
  );
}
