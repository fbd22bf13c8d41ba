/** What each alarm means, and the section of docs/operate.md that says what to do. */

export interface Runbook {
  readonly means: string;
  /** Of the section's heading. */
  readonly anchor: string;
}

/** By the name of the alarm. */
export const RUNBOOKS: Readonly<Record<string, Runbook>> = {
  AuditFallback: {
    means: 'An event was taken by neither Firehose nor S3; its only copy is in the log of the function.',
    anchor: 'alarm-auditfallback',
  },
  DeliveryAge: {
    means: 'Events wait in Firehose for more than a quarter of an hour.',
    anchor: 'alarm-deliveryage',
  },
  ServerErrors: { means: 'One request in twenty ends in 5xx.', anchor: 'alarm-servererrors' },
  OpenCircuits: { means: 'At least one target is not called any more.', anchor: 'alarm-opencircuits' },
  Throttles: {
    means: 'Lambda refused requests: the reserved concurrency is used up.',
    anchor: 'alarm-throttles',
  },
  SealDeadLetters: {
    means: 'New evidence could not be locked after all tries.',
    anchor: 'alarm-sealdeadletters',
  },
  UnsealedObjects: {
    means: 'The daily look found evidence that nobody had locked.',
    anchor: 'alarm-unsealedobjects',
  },
  CheckpointFailed: {
    means: 'The daily checkpoint was not signed: the evidence has faults, or could not be read.',
    anchor: 'alarm-checkpointfailed',
  },
  CaptureFailures: {
    means: 'The redacted texts of at least one request could not be kept; its event was.',
    anchor: 'alarm-capturefailures',
  },
};
