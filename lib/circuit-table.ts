/** The table in which all environments of the function share what they know of the targets' circuits. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { Function } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { ENVIRONMENT_NAMES } from '../lambda/config/environment.ts';

/** Apart from the keys' table, because the function writes to this one. */
export class CircuitTable extends Construct {
  readonly #table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.#table = new TableV2(this, 'Table', {
      partitionKey: { name: 'id', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      timeToLiveAttribute: 'ttl',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** The function reads by key and updates; it can neither scan nor delete. */
  grantTo(fn: Function): void {
    fn.addEnvironment(ENVIRONMENT_NAMES.circuitTable, this.#table.tableName);
    this.#table.grant(fn, 'dynamodb:BatchGetItem', 'dynamodb:UpdateItem');
  }
}
