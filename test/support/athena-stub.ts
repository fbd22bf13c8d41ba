/** Athena on loopback, speaking its AWS JSON 1.1: questions run through the states that a test gives, results in pages. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { listening } from './listening.ts';

/** What a question comes to. */
export interface AthenaScript {
  /** Answers to GetQueryExecution, in order; the last one stays. */
  readonly states: readonly { readonly state: string; readonly reason?: string; readonly bytes?: number }[];
  readonly columns?: readonly (readonly [name: string, type: string])[];
  readonly rows?: readonly (readonly (string | null)[])[];
  /** What StartQueryExecution is refused with. */
  readonly refused?: { readonly code: string; readonly message: string };
}

export interface AthenaStub {
  readonly url: string;
  /** The names of the calls, in order. */
  readonly calls: readonly string[];
  /** The questions as they were started. */
  readonly started: readonly {
    readonly QueryString: string;
    readonly WorkGroup: string;
    readonly database: string;
  }[];
  close(): Promise<void>;
}

/** Pages are short, so that whoever reads has to turn them. */
const PAGE = 2;

const STARTED = z.object({
  QueryString: z.string(),
  WorkGroup: z.string(),
  QueryExecutionContext: z.object({ Database: z.string() }),
  ClientRequestToken: z.string().min(32),
});
const ASKED = z.object({ QueryExecutionId: z.literal('query-1'), NextToken: z.string().optional() });

type Reply = readonly [status: number, body: object];

/** Starts the stub on a free port of 127.0.0.1. */
export async function startAthenaStub(script: AthenaScript): Promise<AthenaStub> {
  const calls: string[] = [];
  const started: AthenaStub['started'][number][] = [];
  const states = [...script.states];
  const answer = (action: string, body: unknown): Reply => {
    calls.push(action);
    if (action === 'StartQueryExecution') {
      const { QueryExecutionContext, QueryString, WorkGroup } = STARTED.parse(body);
      started.push({ QueryString, WorkGroup, database: QueryExecutionContext.Database });
      const { refused } = script;
      if (refused) return [400, { __type: refused.code, Message: refused.message }];
      return [200, { QueryExecutionId: 'query-1' }];
    }
    const { NextToken = '0' } = ASKED.parse(body);
    if (action === 'GetQueryExecution') return [200, { QueryExecution: executionOf(states) }];
    if (action === 'StopQueryExecution') return [200, {}];
    if (action === 'GetQueryResults') return [200, pageOf(script, Number(NextToken))];
    return [400, { __type: 'UnknownOperationException' }];
  };
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const action = String(request.headers['x-amz-target']).replace('AmazonAthena.', '');
    const [status, body] = answer(action, JSON.parse(await bodyOf(request)));
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  };
  const server = createServer((request, response) => {
    void serve(request, response);
  });
  const { port, close } = await listening(server);
  return { url: `http://127.0.0.1:${port}`, calls, started, close };
}

/** @see https://docs.aws.amazon.com/athena/latest/APIReference/API_QueryExecution.html */
function executionOf(states: AthenaScript['states'][number][]): object {
  const [now = { state: 'QUEUED' }] = states.length > 1 ? states.splice(0, 1) : states;
  const { state, reason, bytes = 0 } = now;
  return {
    QueryExecutionId: 'query-1',
    Status: { State: state, ...(reason !== undefined && { StateChangeReason: reason }) },
    Statistics: { DataScannedInBytes: bytes },
  };
}

/** The first row of all repeats the names. @see https://docs.aws.amazon.com/athena/latest/APIReference/API_GetQueryResults.html */
function pageOf({ columns = [], rows = [] }: AthenaScript, from: number): object {
  const all = [columns.map(([name]) => name), ...rows];
  const next = from + PAGE;
  return {
    ResultSet: {
      ResultSetMetadata: { ColumnInfo: columns.map(([Name, Type]) => ({ Name, Type, CatalogName: 'hive' })) },
      Rows: all.slice(from, next).map((cells) => ({
        Data: cells.map((cell) => (cell === null ? {} : { VarCharValue: cell })),
      })),
    },
    ...(next < all.length && { NextToken: String(next) }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString();
}
