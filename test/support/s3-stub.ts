/** The part of the AWS stub that speaks S3: objects with versions, and Object Lock with its refusals. */
import type { IncomingMessage } from 'node:http';

export interface S3Call {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

export interface S3Reply {
  readonly status: number;
  readonly type: string;
  readonly body: string | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface S3Version {
  readonly versionId: string;
  readonly body: Buffer;
  readonly headers: IncomingMessage['headers'];
  readonly storedAt: Date;
  lock?: { readonly mode: string; readonly until: string };
}

export interface S3Stub {
  /** The latest version of each object, by `bucket/key`. */
  readonly objects: Map<string, S3Version>;
  /** All versions, oldest first, by `bucket/key`. */
  readonly versions: Map<string, S3Version[]>;
  readonly answer: (call: S3Call) => S3Reply;
}

/** Lists come in pages of so many versions, so that whoever lists has to turn them. */
const PAGE = 2;

export function s3Stub(): S3Stub {
  const stub: Omit<S3Stub, 'answer'> = { objects: new Map(), versions: new Map() };
  return { ...stub, answer: (call) => answer(stub, call) };
}

type Stored = Omit<S3Stub, 'answer'>;

function answer(stub: Stored, call: S3Call): S3Reply {
  const query = call.url.searchParams;
  const path = decodeURIComponent(call.url.pathname).slice(1);
  if (call.method === 'PUT' && query.has('retention')) return putRetention(stub, path, call);
  if (call.method === 'PUT') return putObject(stub, path, call);
  if (call.method !== 'GET') return s3Refusal(405, 'MethodNotAllowed');
  if (query.has('versions')) return listVersions(stub, path.replace(/\/$/, ''), query);
  if (query.get('list-type') === '2') return listObjects(stub, path.replace(/\/$/, ''), query);
  const version = versionOf(stub, path, query.get('versionId'));
  if (version === undefined) return s3Refusal(404, 'NoSuchKey');
  if (query.has('retention')) return getRetention(version);
  return {
    status: 200,
    type: 'application/octet-stream',
    body: version.body,
    headers: { 'last-modified': version.storedAt.toUTCString(), 'x-amz-version-id': version.versionId },
  };
}

function putObject({ objects, versions }: Stored, path: string, call: S3Call): S3Reply {
  if (call.headers['if-none-match'] === '*' && objects.has(path)) return s3Refusal(412, 'PreconditionFailed');
  const earlier = versions.get(path) ?? [];
  const versionId = `version-${earlier.length + 1}`;
  const version: S3Version = {
    versionId,
    body: withoutChunkFraming(call),
    headers: call.headers,
    storedAt: new Date(),
  };
  versions.set(path, [...earlier, version]);
  objects.set(path, version);
  return xml('', { etag: '"stub"', 'x-amz-version-id': versionId });
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html */
function putRetention(stub: Stored, path: string, call: S3Call): S3Reply {
  const version = versionOf(stub, path, call.url.searchParams.get('versionId'));
  if (version === undefined) return s3Refusal(404, 'NoSuchKey');
  const isChecked = Object.keys(call.headers).some((name) => /^content-md5$|^x-amz-checksum-/.test(name));
  if (!isChecked) return s3Refusal(400, 'InvalidRequest');
  const text = call.body.toString();
  const [, mode = ''] = /<Mode>(\w+)<\/Mode>/.exec(text) ?? [];
  const [, until = ''] = /<RetainUntilDate>([^<]+)<\/RetainUntilDate>/.exec(text) ?? [];
  if (!(Date.parse(until) > Date.now())) return s3Refusal(400, 'InvalidArgument');
  const isLess =
    version.lock !== undefined &&
    (Date.parse(until) < Date.parse(version.lock.until) || mode !== version.lock.mode);
  if (isLess) return s3Refusal(403, 'AccessDenied');
  version.lock = { mode, until };
  return xml('');
}

function getRetention({ lock }: S3Version): S3Reply {
  if (lock === undefined) return s3Refusal(404, 'NoSuchObjectLockConfiguration');
  const { mode, until } = lock;
  return xml(`<Retention><Mode>${mode}</Mode><RetainUntilDate>${until}</RetainUntilDate></Retention>`);
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
function listObjects({ objects }: Stored, bucket: string, query: URLSearchParams): S3Reply {
  const prefix = `${bucket}/${query.get('prefix') ?? ''}`;
  const after = query.get('continuation-token') ?? '';
  const keys = [...objects.keys()]
    .filter((path) => path.startsWith(prefix))
    .map((path) => path.slice(bucket.length + 1))
    .filter((key) => key > after)
    .sort();
  const page = keys.slice(0, PAGE);
  const isTruncated = keys.length > PAGE;
  const token = `<NextContinuationToken>${page.at(-1) ?? ''}</NextContinuationToken>`;
  const contents = page.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('');
  return xml(
    `<ListBucketResult><IsTruncated>${String(isTruncated)}</IsTruncated>${isTruncated ? token : ''}${contents}</ListBucketResult>`,
  );
}

/** @see https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
function listVersions({ versions }: Stored, bucket: string, query: URLSearchParams): S3Reply {
  const prefix = `${bucket}/${query.get('prefix') ?? ''}`;
  const all = [...versions]
    .filter(([path]) => path.startsWith(prefix))
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([path, list]) =>
      list.toReversed().map((version) => ({ key: path.slice(bucket.length + 1), version })),
    );
  const marker = `${query.get('key-marker')} ${query.get('version-id-marker')}`;
  const from = all.findIndex(({ key, version }) => `${key} ${version.versionId}` === marker) + 1;
  const page = all.slice(from, from + PAGE);
  const last = page.at(-1);
  const entries = page.map(
    ({ key, version: { versionId, storedAt } }) =>
      `<Version><Key>${key}</Key><VersionId>${versionId}</VersionId><LastModified>${storedAt.toISOString()}</LastModified></Version>`,
  );
  const isTruncated = from + PAGE < all.length;
  const next =
    isTruncated && last !== undefined
      ? `<NextKeyMarker>${last.key}</NextKeyMarker><NextVersionIdMarker>${last.version.versionId}</NextVersionIdMarker>`
      : '';
  return xml(
    `<ListVersionsResult><IsTruncated>${isTruncated}</IsTruncated>${next}${entries.join('')}</ListVersionsResult>`,
  );
}

function versionOf({ versions }: Stored, path: string, id: string | null): S3Version | undefined {
  const list = versions.get(path) ?? [];
  return id === null ? list.at(-1) : list.find(({ versionId }) => versionId === id);
}

function xml(body: string, headers: Readonly<Record<string, string>> = {}): S3Reply {
  return { status: 200, type: 'application/xml', body, headers };
}

export function s3Refusal(status: number, code: string): S3Reply {
  return {
    status,
    type: 'application/xml',
    body: `<Error><Code>${code}</Code><Message>stub</Message></Error>`,
  };
}

/** Bodies with a trailing checksum come in `aws-chunked` framing: `size[;extension]CRLF bytes CRLF`, 0 ends. */
function withoutChunkFraming({ headers, body }: S3Call): Buffer {
  if (!(headers['content-encoding'] ?? '').includes('aws-chunked')) return body;
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length;) {
    const lineEnd = body.indexOf('\r\n', at);
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (!(size > 0)) break;
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return Buffer.concat(parts);
}
