/** A body between its connection and its reader: nothing lost, nothing late, nothing hoarded. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ArrivedBody } from '../../../lambda/upstream/arrived-body.ts';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const textOf = (value: Uint8Array | undefined): string => Buffer.from(value ?? []).toString();

/** A body whose connection writes down what is asked of it. */
function aBody() {
  const asked: string[] = [];
  const body = new ArrivedBody({
    pause: () => asked.push('pause'),
    resume: () => asked.push('resume'),
    abort: () => asked.push('abort'),
  });
  return { body, asked };
}

describe('the reader gets', () => {
  it('everything that has arrived as one chunk', async () => {
    const { body } = aBody();
    body.push(bytes('a'));
    body.push(bytes('b'));
    body.end();
    expect(textOf((await body.next()).value)).toBe('ab');
    expect(await body.next()).toEqual({ done: true, value: undefined });
  });

  it('a single chunk without a copy', async () => {
    const { body } = aBody();
    const chunk = bytes('abc');
    body.push(chunk);
    expect((await body.next()).value).toBe(chunk);
  });

  it('all that comes in the turn that wakes it', async () => {
    const { body } = aBody();
    const waiting = body.next();
    body.push(bytes('a'));
    body.push(bytes('b'));
    expect(textOf((await waiting).value)).toBe('ab');
  });

  it('the end that comes while it waits', async () => {
    const { body } = aBody();
    const waiting = body.next();
    body.end();
    expect((await waiting).done).toBe(true);
  });

  it('what came before a cut, then the reason, each time it asks', async () => {
    const { body } = aBody();
    body.push(bytes('a'));
    body.fail(new Error('cut'));
    expect(textOf((await body.next()).value)).toBe('a');
    await expect(body.next()).rejects.toThrow('cut');
    await expect(body.next()).rejects.toThrow('cut');
  });

  it('the reason of a cut while it waits', async () => {
    const { body } = aBody();
    const waiting = body.next();
    body.fail(new Error('cut'));
    await expect(waiting).rejects.toThrow('cut');
  });

  it('nothing but the reason once the body is cancelled', async () => {
    const { body } = aBody();
    body.push(bytes('a'));
    body.cancel(new Error('gone'));
    body.push(bytes('b'));
    body.end();
    body.fail(new Error('late'));
    await expect(body.next()).rejects.toThrow('gone');
  });

  it('the reason at once when it waits for a body that is cancelled', async () => {
    const { body } = aBody();
    const waiting = body.next();
    body.cancel(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
  });
});

describe('the connection is asked', () => {
  it('to pause above the mark, once, and to resume when the reader has taken it', async () => {
    const { body, asked } = aBody();
    body.push(new Uint8Array(16 * 1024));
    expect(asked).toEqual([]);
    body.push(new Uint8Array(1));
    body.push(new Uint8Array(1));
    expect(asked).toEqual(['pause']);
    await body.next();
    expect(asked).toEqual(['pause', 'resume']);
  });

  it('for nothing more when the body has ended', async () => {
    const { body, asked } = aBody();
    body.push(new Uint8Array(17 * 1024));
    body.end();
    await body.next();
    await body.return();
    expect(asked).toEqual(['pause']);
  });

  it('to close when the reader leaves early', async () => {
    const { body, asked } = aBody();
    body.push(bytes('a'));
    expect(await firstOf(body)).toBe('a');
    expect(asked).toEqual(['abort']);
    expect((await body.next()).done).toBe(true);
  });

  it('to close when the reader leaves while a read is open, which then ends', async () => {
    const { body, asked } = aBody();
    const waiting = body.next();
    await body.return();
    expect((await waiting).done).toBe(true);
    expect(asked).toEqual(['abort']);
  });
});

async function firstOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  for await (const chunk of body) return textOf(chunk);
  return '';
}

describe('for every order of arrivals and reads', () => {
  it('the bytes read are the bytes that arrived, and pauses and resumes alternate', async () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('push' as const), size: fc.integer({ min: 1, max: 40_000 }) }),
      fc.record({ kind: fc.constant('turn' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const { body, asked } = aBody();
        const read: Uint8Array[] = [];
        const reading = (async () => {
          for await (const chunk of body) read.push(chunk);
        })();
        const sent: Uint8Array[] = [];
        for (const [index, { kind, ...more }] of steps.entries()) {
          if (kind === 'turn') await new Promise(setImmediate);
          if (!('size' in more)) continue;
          const chunk = new Uint8Array(more.size).fill(index);
          sent.push(chunk);
          body.push(chunk);
        }
        body.end();
        await reading;
        expect(Buffer.concat(read).equals(Buffer.concat(sent))).toBe(true);
        expect(asked.every((word, index) => word === (index % 2 === 0 ? 'pause' : 'resume'))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
