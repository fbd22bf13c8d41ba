/** A view that Athena knows from the catalogue, without anybody running CREATE VIEW. */
import { Stack } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-glue';
import { Construct } from 'constructs';
import { hiveType, trinoType } from '../lambda/audit/event-columns.ts';
import type { View } from './queries/views.ts';

export interface EventViewProps {
  readonly databaseName: string;
  readonly view: View;
}

/** Trino keeps its views in Glue as a comment that holds base64 of what is below. */
export class EventView extends Construct {
  constructor(scope: Construct, id: string, { databaseName, view }: EventViewProps) {
    super(scope, id);
    const columns = Object.entries(view.columns);
    const definition = JSON.stringify({
      originalSql: view.sql.trino,
      catalog: 'awsdatacatalog',
      schema: databaseName,
      columns: columns.map(([name, type]) => ({ name, type: trinoType(type) })),
    });
    const table = new CfnTable(this, 'View', {
      catalogId: Stack.of(this).account,
      databaseName,
      tableInput: {
        name: view.name,
        tableType: 'VIRTUAL_VIEW',
        parameters: { presto_view: 'true', comment: 'Presto View' },
        viewExpandedText: '/* Presto View */',
        viewOriginalText: `/* Presto View: ${Buffer.from(definition).toString('base64')} */`,
        storageDescriptor: {
          columns: columns.map(([name, type]) => ({ name, type: hiveType(type) })),
          serdeInfo: {},
        },
      },
    });
    this.node.defaultChild = table;
  }
}
