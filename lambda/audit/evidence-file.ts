/** A file that evidence is added to: every addition is on the disk when it resolves, or gone when it rejects. */
import { close, constants, fdatasync, fstatSync, ftruncate, open, write, writeSync } from 'node:fs';
import { open as openFolder } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';

/**
 * How bytes reach the disk: `with-write` lets the write itself wait for it (O_DSYNC, one system call instead of
 * two), `after-write` calls fdatasync, `none` leaves it to the system (for measurements only).
 */
export type SyncMode = 'with-write' | 'after-write' | 'none';

/** O_DSYNC means fdatasync on Linux only; macOS answers it before the drive has the bytes. */
export const SAFE_SYNC: SyncMode = process.platform === 'linux' ? 'with-write' : 'after-write';

/** Grows at its end only. */
export interface EvidenceFile {
  /** Rejects with AdditionFailure. */
  add(bytes: Uint8Array): Promise<void>;
  close(): Promise<void>;
}

/** An addition did not become safe. */
export class AdditionFailure extends Error {
  override readonly name = 'AdditionFailure';
  /**
   * `undone`: the file holds what it held before. `doubtful`: it may hold all of the addition, or a part.
   * `removed`: the file is no longer in any folder.
   */
  readonly state: 'undone' | 'doubtful' | 'removed';
  constructor(state: AdditionFailure['state'], options?: ErrorOptions) {
    super(`the addition is ${state}`, options);
    this.state = state;
  }
}

const openAsync = promisify(open);
const writeAsync = promisify(write);
const fdatasyncAsync = promisify(fdatasync);
const ftruncateAsync = promisify(ftruncate);
const closeAsync = promisify(close);

/** Creates the file and makes its name durable. Rejects with EEXIST when it is there: nobody else's chain is touched. */
export async function createEvidenceFile(path: string, sync: SyncMode): Promise<EvidenceFile> {
  const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_DSYNC } = constants;
  const durable = sync === 'with-write' ? O_DSYNC : 0;
  const fd = await openAsync(path, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | durable, 0o640);
  if (sync !== 'none') await syncFolder(dirname(path)).catch((error: unknown) => closeAndThrow(fd, error));
  let length = 0;

  const add = async (bytes: Uint8Array): Promise<void> => {
    try {
      for (let at = 0; at < bytes.length;) {
        // Without a sync a write is a copy into the system's memory: to hand it to a thread would take longer.
        at += sync === 'none' ? writeSync(fd, bytes, at) : (await writeAsync(fd, bytes, at)).bytesWritten;
      }
      if (sync === 'after-write') await fdatasyncAsync(fd);
    } catch (error) {
      throw new AdditionFailure(await undo(fd, length), { cause: error });
    }
    if (fstatSync(fd).nlink === 0) throw new AdditionFailure('removed');
    length += bytes.length;
  };
  return { add, close: () => closeAsync(fd) };
}

/** Makes the names in a folder durable. Windows has no such call, and needs none. */
export async function syncFolder(path: string): Promise<void> {
  if (process.platform === 'win32') return;
  const folder = await openFolder(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function closeAndThrow(fd: number, error: unknown): Promise<never> {
  await closeAsync(fd);
  throw error;
}

async function undo(fd: number, length: number): Promise<'undone' | 'doubtful'> {
  try {
    await ftruncateAsync(fd, length);
    await fdatasyncAsync(fd);
    return 'undone';
  } catch {
    return 'doubtful';
  }
}
