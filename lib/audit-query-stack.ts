/** Questions to the evidence in SQL: a table and views over the audit bucket, and a workgroup with a limit. */
import { CfnOutput, Duration, Fn, Stack, type StackProps } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { CfnDatabase } from 'aws-cdk-lib/aws-glue';
import type { Construct } from 'constructs';
import { auditBucketExport } from './audit-bucket-export.ts';
import { EventTable } from './event-table.ts';
import { EventView } from './event-view.ts';
import { namedQueries } from './queries/named-queries.ts';
import { VIEWS } from './queries/views.ts';
import { QueryResults } from './query-results.ts';

export interface AuditQueryStackProps extends StackProps {
  /** The name of the serving stack, whose evidence is asked. It has to be deployed first. */
  readonly gatewayStackName: string;
  /** A query that would read more is ended; GiB. */
  readonly scanLimitGiB: number;
}

const GIB = 1024 ** 3;
const RESULTS_KEPT = Duration.days(30);

export class AuditQueryStack extends Stack {
  constructor(scope: Construct, id: string, props: AuditQueryStackProps) {
    super(scope, id, props);
    const { gatewayStackName, scanLimitGiB } = props;
    const databaseName = databaseNameOf(gatewayStackName);
    const bucketName = Fn.importValue(auditBucketExport(gatewayStackName));
    const database = new CfnDatabase(this, 'Database', {
      catalogId: this.account,
      databaseInput: { name: databaseName, description: `Evidence of ${gatewayStackName}` },
    });
    const table = new EventTable(this, 'Events', { databaseName, bucketName });
    table.node.addDependency(database);
    for (const view of VIEWS) {
      const made = new EventView(this, `View-${view.name}`, { databaseName, view });
      made.node.addDependency(table);
    }
    const workGroup = this.#workGroup(`${gatewayStackName}-audit`, scanLimitGiB);
    for (const { name, description, sql: queryString } of namedQueries()) {
      const query = new CfnNamedQuery(this, `Query-${name}`, {
        name,
        description,
        database: databaseName,
        workGroup: workGroup.name,
        queryString,
      });
      query.addResourceDependency(workGroup);
    }
    this.#output('AuditDatabase', databaseName, 'The database of the table and its views');
    this.#output('AuditWorkGroup', workGroup.name, 'Where questions are asked; it holds the named ones');
  }

  #output(id: string, value: string, description: string): CfnOutput {
    return new CfnOutput(this, id, { value, description });
  }

  #workGroup(name: string, scanLimitGiB: number): CfnWorkGroup {
    const { bucket } = new QueryResults(this, 'Results', RESULTS_KEPT);
    return new CfnWorkGroup(this, 'WorkGroup', {
      name,
      description: 'Questions to the evidence of the gateway',
      // Else a workgroup that was ever used can't be removed.
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        // What a client asks for can neither lift the limit nor put results elsewhere.
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: scanLimitGiB * GIB,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        resultConfiguration: {
          outputLocation: `s3://${bucket.bucketName}/`,
          encryptionConfiguration: { encryptionOption: 'SSE_S3' },
          expectedBucketOwner: this.account,
        },
      },
    });
  }
}

/** Glue takes lower case, digits and underscores. */
export function databaseNameOf(stackName: string): string {
  return `${stackName.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_')}_audit`;
}
