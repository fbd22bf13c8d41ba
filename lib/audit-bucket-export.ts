/** The name under which the serving stack exports its audit bucket, for stacks that read it. */

/** One for each serving stack of an account and region. */
export function auditBucketExport(stackName: string): string {
  return `${stackName}-AuditBucket`;
}
