import { describe, expect, it } from 'vitest';
import { lazily } from '../../../lambda/state/lazily.ts';

describe('a lazy thing', () => {
  it('is not made before somebody asks', () => {
    let made = 0;
    lazily(() => Promise.resolve((made += 1)));
    expect(made).toBe(0);
  });

  it('is made once, however many ask at once and later', async () => {
    let made = 0;
    const thing = lazily(() => Promise.resolve((made += 1)));
    expect(await Promise.all([thing(), thing()])).toEqual([1, 1]);
    expect(await thing()).toBe(1);
  });

  it('is tried again by the next who asks when it could not be made', async () => {
    let tries = 0;
    const thing = lazily(() =>
      (tries += 1) === 1 ? Promise.reject(new Error('not yet')) : Promise.resolve(tries),
    );
    await expect(thing()).rejects.toThrow('not yet');
    expect(await thing()).toBe(2);
  });
});
