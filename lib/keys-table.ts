/** The table of gateway keys: hashes, names and roles, never a key itself. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ENVIRONMENT_NAMES } from '../lambda/config/environment.ts';

export class KeysTable extends Construct {
  readonly #table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#table = new TableV2(this, 'Table', {
      partitionKey: { name: 'hash', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  get tableName(): string {
    return this.#table.tableName;
  }

  /** The function looks keys up one by one; it can neither list nor make them. */
  grantTo(fn: Function): void {
    fn.addEnvironment(ENVIRONMENT_NAMES.keysTable, this.#table.tableName);
    this.#table.grant(fn, 'dynamodb:GetItem');
  }
}
