import { execFile } from 'node:child_process';
import { mkdir, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { buildsFolder, findCurrentBuild } from '../../../bin/launch/current-build.js';
import { makeBuild } from '../../../bin/launch/make-build.ts';
import { withSourcePositions } from '../../../bin/launch/source-positions.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);

const LONG_AGO = new Date('2026-01-01T00:00:00Z');

const FILES = {
  'bin/main.ts': `import { greeting } from '../lib/greeting.ts';\nconsole.log(greeting);\n`,
  'lib/greeting.ts': `export const greeting: string = 'hello';\n`,
  'shape.json': '{}',
};

/** A package whose files were written long ago. */
async function aPackage(files: Readonly<Record<string, string>> = FILES): Promise<string> {
  const root = await temporaryFolder();
  for (const [path, text] of Object.entries(files)) await write(root, path, text);
  return root;
}

async function write(root: string, path: string, text: string, at: Date = LONG_AGO): Promise<void> {
  const file = join(root, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  await utimes(file, at, at);
}

const build = (root: string): Promise<string | undefined> =>
  makeBuild({ root, entries: { main: 'bin/main.ts' }, shapedBy: ['shape.json'] });

/** Fails where none was made. */
async function mustBuild(root: string): Promise<string> {
  const folder = await build(root);
  expect(folder).toBeDefined();
  return folder ?? '';
}

const outputOf = async (folder: string): Promise<string> =>
  (await run(process.execPath, [join(folder, 'main.mjs')])).stdout;

describe('a build', () => {
  it('does what the sources do', async () => {
    expect(await outputOf(await mustBuild(await aPackage()))).toBe('hello\n');
  });

  it('is the current one until something changes', async () => {
    const root = await aPackage();
    expect(findCurrentBuild(root)).toBeUndefined();
    const folder = await mustBuild(root);
    expect(findCurrentBuild(root)).toBe(folder);
  });

  it.each<readonly [string, (root: string, folder: string) => Promise<void>]>([
    ['an imported module is written again', (root) => write(root, 'lib/greeting.ts', 'x', new Date(1e12))],
    [
      'a module grows within one tick of the clock',
      (root) => write(root, 'lib/greeting.ts', 'longer'.repeat(9)),
    ],
    ['a module is gone', (root) => rm(join(root, 'lib/greeting.ts'))],
    ['what shapes it changes', (root) => write(root, 'shape.json', '{"a":1}')],
    ['its folder is gone', (_root, folder) => rm(folder, { recursive: true })],
    ['its manifest is torn', (root) => writeFile(join(buildsFolder(root), 'current.json'), '{"root":"')],
  ])('is the current one no longer when %s', async (_name, change) => {
    const root = await aPackage();
    await change(root, await mustBuild(root));
    expect(findCurrentBuild(root)).toBeUndefined();
  });

  it('is another one after a change, and the former one stays for those that run it', async () => {
    const root = await aPackage();
    const former = await mustBuild(root);
    await write(root, 'lib/greeting.ts', `export const greeting = 'good day';\n`);
    const latter = await mustBuild(root);
    expect([await outputOf(former), await outputOf(latter)]).toEqual(['hello\n', 'good day\n']);
  });

  it('has the same name when a file is written again with the same contents', async () => {
    const root = await aPackage();
    const folder = await mustBuild(root);
    await write(root, 'lib/greeting.ts', FILES['lib/greeting.ts'], new Date(1e12));
    expect(await build(root)).toBe(folder);
    expect(findCurrentBuild(root)).toBe(folder);
  });

  it('is not kept when a source was written meanwhile: who knows which text was read', async () => {
    const root = await aPackage();
    await write(root, 'lib/greeting.ts', FILES['lib/greeting.ts'], new Date());
    expect(await build(root)).toBeUndefined();
    expect(findCurrentBuild(root)).toBeUndefined();
  });

  it('is kept when a source comes from a clock that is ahead', async () => {
    const root = await aPackage();
    await write(root, 'lib/greeting.ts', FILES['lib/greeting.ts'], new Date(Date.now() + 3_600_000));
    expect(await build(root)).toBe(findCurrentBuild(root));
  });

  it('is made once when two ask at the same time', async () => {
    const root = await aPackage();
    const made = await Promise.all([build(root), build(root)]);
    expect(made.filter((folder) => folder !== undefined)).toEqual([findCurrentBuild(root)]);
  });

  it.each([
    ['waits for nobody who makes one', new Date(), false],
    ['takes over from somebody who has died over it', LONG_AGO, true],
  ])('%s', async (_name, since, isMade) => {
    const root = await aPackage();
    const lock = join(buildsFolder(root), 'lock');
    await mkdir(lock, { recursive: true });
    await utimes(lock, since, since);
    expect((await build(root)) !== undefined).toBe(isMade);
    await expect(
      stat(lock).then(
        () => true,
        () => false,
      ),
    ).resolves.toBe(!isMade);
  });

  it('leaves nothing behind when a source is no program, and says what is wrong', async () => {
    const root = await aPackage({ ...FILES, 'lib/greeting.ts': 'export const = ;' });
    await expect(build(root)).rejects.toThrow('greeting.ts');
    expect(await readdir(buildsFolder(root))).toEqual([]);
  });

  it('replaces the oldest of many', async () => {
    const root = await aPackage();
    const folder = buildsFolder(root);
    for (let day = 1; day <= 20; day++) {
      const old = join(folder, `old-${day}`);
      await mkdir(old, { recursive: true });
      await utimes(old, new Date(2026, 0, day), new Date(2026, 0, day));
    }
    await mustBuild(root);
    const left = await readdir(folder);
    expect(left).not.toContain('old-1');
    expect(left.filter((name) => name.startsWith('old-'))).toHaveLength(19);
  });

  it('finds what lies beside a source, and Node’s own modules by either name', async () => {
    const root = await aPackage({
      'bin/main.ts': `import { readFileSync } from 'fs';\nimport { join } from 'node:path';
console.log(readFileSync(join(import.meta.dirname, 'words.txt'), 'utf8'));\n`,
      'bin/words.txt': 'beside',
      'shape.json': '{}',
    });
    expect(await outputOf(await mustBuild(root))).toBe('beside\n');
  });
});

describe('a stack trace of a build', () => {
  const FAULTY = `const texts: readonly string[] = [];\n\nfunction explode(): never {\n  throw new Error(texts.join());\n}\nexplode();\n`;

  it('names the lines of the sources', async () => {
    const root = await aPackage({ 'bin/main.ts': FAULTY, 'shape.json': '{}' });
    const folder = await mustBuild(root);
    const failure: unknown = await run(process.execPath, [join(folder, 'main.mjs')]).catch(String);
    expect(failure).toContain('main.mjs:');
    expect(withSourcePositions(String(failure))).toMatch(/at explode \(file:\/\/\S+\/bin\/main\.ts:4:9\)/);
  });

  it('stays as it is where there is no map', async () => {
    const stack = 'Error: x\n    at f (file:///nowhere/a.mjs:1:2)\n    at node:internal/main:3:4';
    expect(withSourcePositions(stack)).toBe(stack);
  });
});
