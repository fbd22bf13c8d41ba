/** Group commit: one write at a time, all that waits goes with the next. */
import { describe, expect, it } from 'vitest';
import { groupCommit } from '../../../lambda/audit/group-commit.ts';

/** A store whose writes end when the test says so. */
function aStore() {
  const batches: (readonly string[])[] = [];
  const ends = new Map<number, PromiseWithResolvers<ReadonlyMap<string, Error>>>();
  const endOf = (write: number) => {
    const end = ends.get(write) ?? Promise.withResolvers<ReadonlyMap<string, Error>>();
    ends.set(write, end);
    return end;
  };
  const store = (batch: readonly string[]) => endOf(batches.push(batch)).promise;
  return { batches, endOf, store };
}

const allStored = new Map<string, Error>();

describe('group commit', () => {
  it('starts the first write at once', () => {
    const { batches, store } = aStore();
    void groupCommit(store, 10).append('a');
    expect(batches).toEqual([['a']]);
  });

  it('writes together what came while a write was under way', async () => {
    const { batches, endOf, store } = aStore();
    const commit = groupCommit(store, 10);
    const first = commit.append('a');
    const others = [commit.append('b'), commit.append('c')];
    endOf(1).resolve(allStored);
    await first;
    endOf(2).resolve(allStored);
    await Promise.all(others);
    expect(batches).toEqual([['a'], ['b', 'c']]);
  });

  it('writes no more than the limit at once', async () => {
    const { batches, endOf, store } = aStore();
    const commit = groupCommit(store, 2);
    const appended = ['a', 'b', 'c', 'd'].map((item) => commit.append(item));
    endOf(1).resolve(allStored);
    await appended[0];
    endOf(2).resolve(allStored);
    await appended[2];
    endOf(3).resolve(allStored);
    await commit.idle();
    expect(batches).toEqual([['a'], ['b', 'c'], ['d']]);
  });

  it('rejects what could not be stored, and only that', async () => {
    const commit = groupCommit<string>(async () => new Map([['b', new Error('refused')]]), 10);
    const outcomes = await Promise.allSettled(['a', 'b'].map((item) => commit.append(item)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
  });

  it('rejects the whole batch when the write fails, and goes on with the next', async () => {
    const { endOf, store } = aStore();
    const commit = groupCommit(store, 10);
    const [first, second] = [commit.append('a'), commit.append('b')];
    endOf(1).reject(new Error('full'));
    await expect(first).rejects.toThrow('full');
    endOf(2).resolve(allStored);
    await second;
    const third = commit.append('c');
    endOf(3).resolve(allStored);
    await expect(third).resolves.toBeUndefined();
  });

  it('is idle when nothing was ever appended', async () => {
    await expect(groupCommit(aStore().store, 10).idle()).resolves.toBeUndefined();
  });
});
