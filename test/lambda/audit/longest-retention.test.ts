import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { longestRetention } from '../../../lambda/audit/longest-retention.ts';

const line = (days: unknown): string => `${JSON.stringify({ audit: { retention_days: days } })}\n`;

/** The bytes in parts of so many. */
async function* inParts(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield await Promise.resolve(bytes.subarray(at, at + size));
}

const read = (text: string, size = 1_000_000) => longestRetention(inParts(Buffer.from(text), size), false);

describe('the retention of an object', () => {
  it.each([
    ['is that of its only event', line(30), { days: 30, unreadable: 0 }],
    ['is the longest of its events', line(30) + line(400) + line(7), { days: 400, unreadable: 0 }],
    ['is not told by an empty object', '', { days: undefined, unreadable: 0 }],
    ['is not told by lines without it', '{"event_type":"other"}\n', { days: undefined, unreadable: 0 }],
    ['is told by a last line without an end', line(30).trimEnd(), { days: 30, unreadable: 0 }],
    ['is told beside a torn line', `${line(30)}{"audit":{"rete`, { days: 30, unreadable: 1 }],
    ['is told beside a line that is no object', `[1]\n${line(30)}`, { days: 30, unreadable: 1 }],
    ['is no text', line('30'), { days: undefined, unreadable: 0 }],
    ['is no fraction', line(1.5), { days: undefined, unreadable: 0 }],
    ['is not below a day', line(0), { days: undefined, unreadable: 0 }],
    ['is not above a hundred years', line(36_501), { days: undefined, unreadable: 0 }],
    ['is a hundred years at most', line(36_500), { days: 36_500, unreadable: 0 }],
  ])('%s', async (_case, text, found) => {
    expect(await read(text)).toEqual(found);
  });

  it('does not depend on where the bytes are parted', async () => {
    const days = fc.array(fc.integer({ min: 1, max: 36_500 }), { minLength: 1 });
    await fc.assert(
      fc.asyncProperty(days, fc.integer({ min: 1, max: 50 }), async (list, size) => {
        const text = list.map((each) => line(each)).join('');
        expect(await read(text, size)).toEqual({ days: Math.max(...list), unreadable: 0 });
      }),
    );
  });

  it('passes over a line that is longer than any of ours', async () => {
    expect(await read(`${'x'.repeat(5 * 1024 * 1024)}\n${line(9)}`, 65_536)).toEqual({
      days: 9,
      unreadable: 1,
    });
  });
});

describe('a compressed object', () => {
  const packed = Buffer.concat([gzipSync(line(30)), gzipSync(line(90))]);

  it('may have several members, as Firehose may write them', async () => {
    expect(await longestRetention(inParts(packed, 10), true)).toEqual({ days: 90, unreadable: 0 });
  });

  it('that breaks off tells what came before', async () => {
    const broken = packed.subarray(0, packed.length - 20);
    expect(await longestRetention(inParts(broken, 10), true)).toEqual({ days: 30, unreadable: 1 });
  });

  it('that is none is unreadable', async () => {
    const found = await longestRetention(inParts(Buffer.from('not packed'), 10), true);
    expect(found).toEqual({ days: undefined, unreadable: 1 });
  });

  it('whose connection fails is no finding but a failure', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield await Promise.resolve(packed.subarray(0, 10));
      throw new Error('connection lost');
    };
    await expect(longestRetention(failing(), true)).rejects.toThrow('connection lost');
  });
});
