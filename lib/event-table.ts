/** The table over the evidence: every field is a column, and no crawler has to find new hours. */
import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { EVENT_COLUMNS, hiveType } from '../lambda/audit/event-columns.ts';
import { PARTITION_COLUMNS } from './queries/views.ts';

export interface EventTableProps {
  readonly databaseName: string;
  readonly bucketName: string;
}

/** No evidence of this gateway is older. */
const FIRST_DAY = '2026-01-01';
const HOURS = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

export class EventTable extends Construct {
  constructor(scope: Construct, id: string, { databaseName, bucketName }: EventTableProps) {
    super(scope, id);
    const location = `s3://${bucketName}/audit/`;
    const table = new CfnTable(this, 'Table', {
      catalogId: Stack.of(this).account,
      databaseName,
      tableInput: {
        name: 'events',
        description: 'Every record of evidence, copies included; the view decisions has each decision once',
        tableType: 'EXTERNAL_TABLE',
        partitionKeys: columnsOf(PARTITION_COLUMNS),
        parameters: { ...projection(location), classification: 'json', EXTERNAL: 'TRUE' },
        storageDescriptor: {
          location,
          columns: columnsOf(EVENT_COLUMNS),
          inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
          outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
          serdeInfo: {
            serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
            // One torn line must not hide all others; kt events verify finds it.
            parameters: { 'ignore.malformed.json': 'true' },
          },
        },
      },
    });
    this.node.defaultChild = table;
  }
}

/** @see https://docs.aws.amazon.com/athena/latest/ug/partition-projection-supported-types.html */
function projection(location: string): Readonly<Record<string, string>> {
  return {
    'projection.enabled': 'true',
    'projection.dt.type': 'date',
    'projection.dt.format': 'yyyy-MM-dd',
    'projection.dt.range': `${FIRST_DAY},NOW`,
    'projection.dt.interval': '1',
    'projection.dt.interval.unit': 'DAYS',
    'projection.hr.type': 'enum',
    'projection.hr.values': HOURS.join(','),
    'storage.location.template': `${location}dt=\${dt}/hr=\${hr}/`,
  };
}

function columnsOf(
  columns: Readonly<Record<string, Parameters<typeof hiveType>[0]>>,
): CfnTable.ColumnProperty[] {
  return Object.entries(columns).map(([name, type]) => ({ name, type: hiveType(type) }));
}
