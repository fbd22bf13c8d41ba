import { globSync, readFileSync, statSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openKeptReadings, type GoodReading } from '../../../bin/gateway-run/kept-readings.ts';
import { loadConfig } from '../../../lambda/config/load.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const MINIMAL = { path: 'a.yaml', text: readFileSync('examples/minimal.yaml', 'utf8') };

/** As the thread answers. */
function readingOf(text: string): GoodReading {
  const result = loadConfig([{ path: 'a.yaml', text }]);
  if (!result.ok) throw new Error('the configuration is not valid');
  return { ok: true, config: result.config, warnings: result.warnings };
}

describe('kept readings', () => {
  it.each(globSync('examples/*.yaml'))('give %s back as it was read', async (path) => {
    const kept = openKeptReadings(await temporaryFolder());
    const text = readFileSync(path, 'utf8');
    const reading = readingOf(text);
    await kept.keep([{ path, text }], reading);
    expect(await kept.find([{ path, text }])).toStrictEqual(reading);
  });

  it.each([
    ['another text', [{ path: 'a.yaml', text: `${MINIMAL.text}\n` }]],
    ['another path, which warnings name', [{ path: 'b.yaml', text: MINIMAL.text }]],
    ['one file more', [MINIMAL, MINIMAL]],
    ['no file', []],
  ])('do not know %s', async (_name, texts) => {
    const kept = openKeptReadings(await temporaryFolder());
    await kept.keep([MINIMAL], readingOf(MINIMAL.text));
    expect(await kept.find(texts)).toBeUndefined();
  });

  it.each([
    ['is cut', (text: string) => text.slice(0, -10)],
    ['was written over', (text: string) => text.replace('"ok":true', '"ok":null')],
    ['is empty', () => ''],
    ['is something else', () => 'hello'],
  ])('are read again when a file %s', async (_name, spoil) => {
    const folder = await temporaryFolder();
    const kept = openKeptReadings(folder);
    await kept.keep([MINIMAL], readingOf(MINIMAL.text));
    const [name = ''] = await readdir(folder);
    await writeFile(join(folder, name), spoil(await readFile(join(folder, name), 'utf8')));
    expect(await kept.find([MINIMAL])).toBeUndefined();
  });

  it('leave out what JSON would change', async () => {
    const kept = openKeptReadings(await temporaryFolder());
    const reading = readingOf(MINIMAL.text);
    const audit = { ...reading.config.audit, retentionDays: Infinity };
    await kept.keep([MINIMAL], { ...reading, config: { ...reading.config, audit } });
    expect(await kept.find([MINIMAL])).toBeUndefined();
  });

  it('stay few', async () => {
    const folder = await temporaryFolder();
    const kept = openKeptReadings(folder);
    const reading = readingOf(MINIMAL.text);
    for (let i = 0; i < 60; i++) await kept.keep([{ path: `${i}.yaml`, text: MINIMAL.text }], reading);
    expect((await readdir(folder)).length).toBeLessThanOrEqual(50);
    expect(await kept.find([{ path: '59.yaml', text: MINIMAL.text }])).toStrictEqual(reading);
  });

  it('never fail: what can not be kept is read again', async () => {
    const file = join(await temporaryFolder(), 'file');
    await writeFile(file, '');
    const kept = openKeptReadings(join(file, 'folder'));
    await kept.keep([MINIMAL], readingOf(MINIMAL.text));
    expect(await kept.find([MINIMAL])).toBeUndefined();
  });

  it('are for the eyes of their user', async () => {
    const folder = join(await temporaryFolder(), 'config');
    await mkdir(folder);
    await openKeptReadings(folder).keep([MINIMAL], readingOf(MINIMAL.text));
    const [name = ''] = await readdir(folder);
    expect(statSync(join(folder, name)).mode & 0o077).toBe(0);
  });
});
