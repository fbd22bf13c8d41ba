/** The bucket of answers to questions: private, encrypted, and empty again after a while. */
import { type Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export class QueryResults extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, kept: Duration) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      // A bucket with answers in it can't be removed; what is left in it expires.
      removalPolicy: RemovalPolicy.RETAIN,
      lifecycleRules: [{ id: 'kept', expiration: kept, abortIncompleteMultipartUploadAfter: kept }],
    });
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions-S1',
      reason: 'it holds copies of answers for some weeks; Athena keeps the history of who asked what',
    });
  }
}
