/** What AWS refuses, or its clients miss, told in one line with the remedy. */

/** Undefined for what is no matter of AWS: a defect, which keeps its stack. */
export function awsFailure(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const missing = missingOfAws(error);
  if (missing !== undefined) return missing;
  return '$metadata' in error || 'code' in error ? `${error.name}: ${error.message}` : undefined;
}

/** What the AWS clients miss before they can ask anything. */
function missingOfAws({ name, message }: Error): string | undefined {
  if (message === 'Region is missing') return 'no AWS region is set; export AWS_REGION';
  if (!name.endsWith('ProviderError')) return undefined;
  return `${message}; export AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY`;
}
