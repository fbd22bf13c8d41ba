/** Acknowledges what cdk-nag finds where it is meant: one finding, with its reason, never a rule as a whole. */
import { CfnElement, Stack, Validations } from 'aws-cdk-lib';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import type { IConstruct } from 'constructs';

/** Permissions of the construct on all objects under a prefix of a bucket. */
export function acknowledgeObjectsUnder(
  prefix: string,
  bucket: Bucket,
  construct: IConstruct,
  reason: string,
): void {
  const { defaultChild } = bucket.node;
  const resource = CfnElement.isCfnElement(defaultChild) ? Stack.of(bucket).getLogicalId(defaultChild) : '';
  Validations.of(construct).acknowledge({
    id: `AwsSolutions-IAM5[Resource::<${resource}.Arn>/${prefix}*]`,
    reason,
  });
}
