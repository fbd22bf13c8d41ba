/** Files that only grow: what is added is there, what failed is gone, what was removed is noticed. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createEvidenceFile, SAFE_SYNC, syncFolder } from '../../../lambda/audit/evidence-file.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

async function aFile(sync: Parameters<typeof createEvidenceFile>[1]) {
  const path = join(await temporaryFolder(), 'file.jsonl');
  const file = await createEvidenceFile(path, sync);
  onTestFinished(() => file.close().catch(() => undefined));
  return { path, file };
}

describe.each(['with-write', 'after-write', 'none'] as const)('a file of evidence that syncs %s', (sync) => {
  it('holds what was added, in its order', async () => {
    const { path, file } = await aFile(sync);
    await file.add(Buffer.from('one\n'));
    await file.add(Buffer.from('zwei – ü\n'));
    expect(await readFile(path, 'utf8')).toBe('one\nzwei – ü\n');
  });

  it('takes an addition of many megabytes', async () => {
    const { path, file } = await aFile(sync);
    await file.add(Buffer.alloc(20_000_000, 'x'));
    expect((await readFile(path)).length).toBe(20_000_000);
  });

  it('notices that it was removed', async () => {
    const { path, file } = await aFile(sync);
    await rm(path);
    await expect(file.add(Buffer.from('x'))).rejects.toMatchObject({
      name: 'AdditionFailure',
      state: 'removed',
    });
  });

  it('is in doubt when nothing can be done with it any more', async () => {
    const { file } = await aFile(sync);
    await file.close();
    await expect(file.add(Buffer.from('x'))).rejects.toMatchObject({ state: 'doubtful' });
  });

  it('is never one that was there before', async () => {
    const { path } = await aFile(sync);
    await expect(createEvidenceFile(path, sync)).rejects.toMatchObject({ code: 'EEXIST' });
  });
});

describe('syncing', () => {
  it('is done by the write itself where that is safe', () => {
    expect(SAFE_SYNC).toBe(process.platform === 'linux' ? 'with-write' : 'after-write');
  });

  it('of a folder that is not there fails', async () => {
    await expect(syncFolder(join(await temporaryFolder(), 'none'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
