/** The contract of sinks, kept by the local folder and by Firehose with S3 behind it. */
import { describe, onTestFinished } from 'vitest';
import { awsDelivery } from '../../lambda/audit/aws-delivery.ts';
import { AdditionFailure, createEvidenceFile } from '../../lambda/audit/evidence-file.ts';
import { openFileSink } from '../../lambda/audit/file-sink.ts';
import { openFirehoseSink } from '../../lambda/audit/firehose-sink.ts';
import { startAwsStub } from '../support/aws-stub.ts';
import { storedLines } from '../support/stored-lines.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { auditSinkContract, type OpenSink } from './audit-sink.ts';

const now = () => Date.UTC(2026, 10, 1, 10, 11, 12);

const inFolder =
  (sync: 'with-write' | 'after-write' | 'none'): OpenSink =>
  async (log) => {
    const dir = await temporaryFolder();
    const disk = { isFull: false };
    const createFile = fillable(disk);
    const sink = await openFileSink({
      dir,
      writerId: 'writer',
      retentionDays: 90,
      now,
      log,
      sync,
      createFile,
    });
    onTestFinished(() => sink.close());
    return {
      sink,
      stored: () => storedLines(dir),
      breakStore: async () => void (disk.isFull = true),
      mendStore: async () => void (disk.isFull = false),
    };
  };

/** Files on a disk that can be full. */
const fillable =
  (disk: { readonly isFull: boolean }): typeof createEvidenceFile =>
  async (path, sync) => {
    const file = await createEvidenceFile(path, sync);
    return {
      add: async (bytes) => {
        if (disk.isFull) throw new AdditionFailure('undone', { cause: new Error('ENOSPC') });
        await file.add(bytes);
      },
      close: () => file.close(),
    };
  };

const throughFirehose: OpenSink = async (log) => {
  const stub = await startAwsStub();
  const credentials = { accessKeyId: 'stub', secretAccessKey: 'stub' };
  const client = { endpoint: stub.url, region: 'eu-west-1', credentials };
  const delivery = awsDelivery({ streamName: 'audit', bucketName: 'evidence', client });
  // Patient, so that a busy machine makes no duplicates.
  const tries = [0, 1, 1].map((pauseMs) => ({ pauseMs, timeoutMs: 20_000 }));
  const sink = openFirehoseSink({ delivery, writerId: 'writer', now, log, tries });
  onTestFinished(async () => {
    await sink.close();
    await stub.close();
  });
  return {
    sink,
    stored: async () => stub.records().map((record) => record.trimEnd()),
    breakStore: async () => {
      stub.fail('firehose', { kind: 'status', status: 500, code: 'InternalFailure' }, 1000);
      stub.fail('s3', { kind: 'status', status: 500, code: 'InternalError' }, 1000);
    },
    mendStore: async () => stub.heal(),
  };
};

describe('the file sink, whose writes wait for the disk', () => {
  auditSinkContract(inFolder('with-write'));
});
describe('the file sink, which calls fdatasync', () => {
  auditSinkContract(inFolder('after-write'));
});
describe('the file sink that leaves it to the system', () => {
  auditSinkContract(inFolder('none'));
});
describe('the Firehose sink', () => {
  auditSinkContract(throughFirehose);
});
