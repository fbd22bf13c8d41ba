/** Firehose, S3 and Secrets Manager on loopback, speaking their wire protocols; faults on demand. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { s3Refusal, s3Stub, type S3Stub, type S3Version } from './s3-stub.ts';
import { listening } from './listening.ts';

export type AwsService = 'firehose' | 's3' | 'secretsmanager';

/** What a call gets instead of success. */
export type AwsFault =
  /** PutRecordBatch answers 200, but refuses the records at these places of the batch. */
  | { readonly kind: 'partial'; readonly failed: readonly number[] }
  /** The service is over its limit. */
  | { readonly kind: 'throttle' }
  | { readonly kind: 'status'; readonly status: number; readonly code: string }
  /** No answer until the stub closes. */
  | { readonly kind: 'hang' }
  /** The connection is cut before an answer. */
  | { readonly kind: 'reset' }
  /** The records are taken, then the connection is cut: the caller can't know. */
  | { readonly kind: 'accept-then-reset' };

export interface AwsStub {
  /** For the clients' `endpoint`; S3 clients need `forcePathStyle`. */
  readonly url: string;
  /** Every PutRecordBatch that was answered, in order, with the records that were taken. */
  readonly batches: readonly { readonly stream: string; readonly records: readonly string[] }[];
  /** All records that Firehose took, in order. */
  readonly records: () => readonly string[];
  /** S3 objects by `bucket/key`. */
  readonly objects: ReadonlyMap<string, S3Version>;
  /** Removes an object, `bucket/key`, as a lifecycle does. */
  expire(path: string): void;
  /** Every version of them, oldest first. */
  readonly versions: ReadonlyMap<string, readonly S3Version[]>;
  /** Secret strings by id, free to change. */
  readonly secrets: Map<string, string>;
  /** How often each service was called, faults included. */
  readonly calls: Readonly<Record<AwsService, number>>;
  /** The next `times` calls of the service meet the fault; several faults queue. */
  fail(service: AwsService, fault: AwsFault, times?: number): void;
  /** Forgets all faults that still wait. */
  heal(): void;
  close(): Promise<void>;
}

/** Credentials and region for clients that talk to the stub, as environment variables of a child process. */
export const STUB_ENVIRONMENT = {
  AWS_ACCESS_KEY_ID: 'stub',
  AWS_SECRET_ACCESS_KEY: 'stub',
  AWS_REGION: 'eu-west-1',
} as const;

interface Call {
  readonly service: AwsService;
  readonly action: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

interface Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

interface State {
  readonly batches: { stream: string; records: readonly string[] }[];
  readonly s3: S3Stub;
  readonly secrets: Map<string, string>;
  readonly calls: Record<AwsService, number>;
  readonly faults: Record<AwsService, AwsFault[]>;
}

/** Starts the stub on a free port of 127.0.0.1. */
export async function startAwsStub(secrets: Readonly<Record<string, string>> = {}): Promise<AwsStub> {
  const state: State = {
    batches: [],
    s3: s3Stub(),
    secrets: new Map(Object.entries(secrets)),
    calls: { firehose: 0, s3: 0, secretsmanager: 0 },
    faults: { firehose: [], s3: [], secretsmanager: [] },
  };
  const server = createServer((request, response) => {
    serve(state, request, response).catch((error: unknown) => {
      // A caller that gives up in the middle of its request is what some tests are about.
      if (!(error instanceof Error && 'code' in error && error.code === 'ECONNRESET')) throw error;
    });
  });
  const { port, close } = await listening(server);
  return {
    url: `http://127.0.0.1:${port}`,
    ...state,
    ...state.s3,
    expire: (path) => void state.s3.objects.delete(path),
    records: () => state.batches.flatMap(({ records }) => records),
    fail: (service, fault, times = 1) => {
      for (let index = 0; index < times; index++) state.faults[service].push(fault);
    },
    heal: () => {
      for (const queue of Object.values(state.faults)) queue.length = 0;
    },
    close,
  };
}

async function serve(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const call = await readCall(request);
  state.calls[call.service]++;
  const fault = state.faults[call.service].shift();
  if (fault?.kind === 'hang') return;
  if (fault?.kind === 'reset') return void request.socket.destroy();
  const reply = fault === undefined ? answer(state, call) : answerFault(state, call, fault);
  if (fault?.kind === 'accept-then-reset') return void request.socket.destroy();
  response.writeHead(reply.status, {
    'content-type': reply.type,
    'x-amzn-requestid': `stub-${state.calls[call.service]}`,
    ...reply.headers,
  });
  response.end(reply.body);
}

async function readCall(request: IncomingMessage): Promise<Call> {
  const parts: Buffer[] = [];
  for await (const part of request as AsyncIterable<Buffer>) parts.push(part);
  const [prefix = '', action = ''] = String(request.headers['x-amz-target'] ?? '').split('.');
  const service = prefix.startsWith('Firehose') ? 'firehose' : prefix === '' ? 's3' : 'secretsmanager';
  return {
    service,
    action: action === '' ? (request.method ?? '') : action,
    url: new URL(request.url ?? '/', 'http://stub'),
    headers: request.headers,
    body: Buffer.concat(parts),
  };
}

function answer(state: State, call: Call): Reply {
  if (call.service === 's3') return state.s3.answer({ method: call.action, ...call });
  switch (call.action) {
    case 'PutRecordBatch':
      return putRecordBatch(state, call, []);
    case 'GetSecretValue':
      return getSecretValue(state, call);
    default:
      return refusal(call.service, 400, 'UnknownOperationException');
  }
}

function answerFault(state: State, call: Call, fault: AwsFault): Reply {
  if (fault.kind === 'partial') return putRecordBatch(state, call, fault.failed);
  if (fault.kind === 'status') return refusal(call.service, fault.status, fault.code);
  if (fault.kind !== 'throttle') return answer(state, call);
  return call.service === 's3'
    ? refusal('s3', 503, 'SlowDown')
    : refusal(call.service, 400, THROTTLED[call.service]);
}

const THROTTLED = { firehose: 'ServiceUnavailableException', secretsmanager: 'ThrottlingException' } as const;

const BATCH = z.object({ DeliveryStreamName: z.string(), Records: z.array(z.object({ Data: z.string() })) });
const SECRET = z.object({ SecretId: z.string() });

/** @see https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html */
function putRecordBatch(state: State, call: Call, failed: readonly number[]): Reply {
  const input = BATCH.parse(JSON.parse(call.body.toString()));
  const size = input.Records.reduce((sum, { Data }) => sum + Buffer.byteLength(Data, 'base64'), 0);
  const oversize = input.Records.some(({ Data }) => Buffer.byteLength(Data, 'base64') > 1_024_000);
  if (input.Records.length > 500 || size > 4 * 1024 * 1024 || oversize) {
    return refusal('firehose', 400, 'InvalidArgumentException');
  }
  const taken = input.Records.filter((_, index) => !failed.includes(index));
  state.batches.push({
    stream: input.DeliveryStreamName,
    records: taken.map(({ Data }) => Buffer.from(Data, 'base64').toString()),
  });
  const responses = input.Records.map((_, index) =>
    failed.includes(index)
      ? { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' }
      : { RecordId: `record-${state.batches.length}-${index}` },
  );
  return json({ FailedPutCount: failed.length, Encrypted: false, RequestResponses: responses });
}

function getSecretValue(state: State, call: Call): Reply {
  const { SecretId } = SECRET.parse(JSON.parse(call.body.toString()));
  const value = state.secrets.get(SecretId);
  if (value === undefined) return refusal('secretsmanager', 400, 'ResourceNotFoundException');
  return json({
    ARN: `arn:aws:secretsmanager:eu-west-1:123456789012:secret:${SecretId}`,
    Name: SecretId,
    SecretString: value,
  });
}

function json(value: unknown): Reply {
  return { status: 200, type: 'application/x-amz-json-1.1', body: JSON.stringify(value) };
}

function refusal(service: AwsService, status: number, code: string): Reply {
  if (service === 's3') return s3Refusal(status, code);
  return {
    status,
    type: 'application/x-amz-json-1.1',
    body: JSON.stringify({ __type: code, message: 'stub' }),
    headers: { 'x-amzn-errortype': code },
  };
}
