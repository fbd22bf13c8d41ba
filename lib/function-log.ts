/** What every function of the stack writes its log with: a group of its own, and a role that may do no more. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

export interface FunctionLog {
  readonly logGroup: LogGroup;
  readonly role: Role;
}

/** Makes `Logs` and `Role` within the scope. */
export function functionLog(scope: Construct, retention: RetentionDays): FunctionLog {
  const logGroup = new LogGroup(scope, 'Logs', { retention, removalPolicy: RemovalPolicy.DESTROY });
  const role = new Role(scope, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  // Instead of AWS's managed policy, which may write to every log group of the account.
  role.addToPolicy(
    new PolicyStatement({
      actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
      resources: [logGroup.logGroupArn],
    }),
  );
  return { logGroup, role };
}
