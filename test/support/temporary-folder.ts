/** A folder of its own for each test, gone after it. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** Call it within a test. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'keeptrusts-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
