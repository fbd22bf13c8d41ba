/** The deployment's own key for evidence at rest, where `-c auditEncryption=kms` asks for one. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { type IRole, PolicyStatement, type Policy } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

type Principal = Pick<IRole, 'addToPrincipalPolicy'> | Policy;

/** Kept when the stack goes: without it the evidence can't be read any more. */
export class AuditKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Evidence of the gateway at rest; what it encrypted is lost without it',
      enableKeyRotation: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /** Who writes objects may have data keys made; parts of large uploads are read back by S3 as well. */
  letWrite(principal: Principal): void {
    add(principal, ['kms:Decrypt', 'kms:GenerateDataKey'], this.key);
  }

  letRead(principal: Principal): void {
    add(principal, ['kms:Decrypt'], this.key);
  }
}

function add(principal: Principal, actions: string[], { keyArn }: Key): void {
  const statement = new PolicyStatement({ actions, resources: [keyArn] });
  if ('addStatements' in principal) principal.addStatements(statement);
  else principal.addToPrincipalPolicy(statement);
}
