import { execFile } from 'node:child_process';
import { mkdir, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const run = promisify(execFile);

/** What bin/kt.js does, for a package elsewhere. */
const STARTER = `
const { openProgram } = await import(process.argv[1]);
const { runCommandLine } = await openProgram(process.argv[2]);
await runCommandLine();`;

const program = (answer: string): string =>
  `export const runCommandLine = (): void => console.log('${answer}');\n`;

/** A package with the files that a build is made from. */
async function aPackage(): Promise<string> {
  const root = await temporaryFolder();
  for (const folder of ['bin/gateway-run', 'bin/launch', 'node_modules'])
    await mkdir(join(root, folder), { recursive: true });
  await symlink(resolve('node_modules/esbuild'), join(root, 'node_modules/esbuild'));
  await write(root, 'bin/kt.ts', program('one'));
  for (const file of [
    'bin/gateway-run/config-process.js',
    'bin/launch/build-kt.ts',
    'bin/launch/make-build.ts',
    'bin/launch/esbuild-plugins.ts',
    'package-lock.json',
    'tsconfig.json',
  ])
    await write(root, file, file.endsWith('.json') ? '{}' : '');
  return root;
}

async function write(root: string, path: string, text: string): Promise<void> {
  await writeFile(join(root, path), text);
  const at = new Date('2026-01-01T00:00:00Z');
  await utimes(join(root, path), at, at);
}

/** What the program said, and what was run: a build's name, or the sources. */
async function start(root: string): Promise<{ readonly said: string; readonly from: string }> {
  const args = ['--input-type=module', '-e', STARTER, resolve('bin/launch/open-program.js'), root];
  const { stdout, stderr } = await run(process.execPath, args, { env: { ...process.env, NODE_DEBUG: 'kt' } });
  return { said: stdout.trim(), from: /running (?:the |.*[/\\])(\S+)/.exec(stderr)?.[1] ?? stderr };
}

it('is built at the first start, run from the build at the second, and built again after a change', async () => {
  const root = await aPackage();
  const first = await start(root);
  const second = await start(root);
  await write(root, 'bin/kt.ts', program('another'));
  const third = await start(root);
  expect([first.said, second.said, third.said]).toEqual(['one', 'one', 'another']);
  expect(first.from).toMatch(/^[0-9a-f]{16}$/);
  expect(second.from).toBe(first.from);
  expect(third.from).toMatch(/^[0-9a-f]{16}$/);
  expect(third.from).not.toBe(first.from);
});

it.each<readonly [string, (root: string) => Promise<void>]>([
  ['there is no esbuild', (root) => rm(join(root, 'node_modules/esbuild'))],
  ['nothing can be written', (root) => writeFile(join(root, 'node_modules/.cache'), 'a file, no folder')],
  [
    'another process is building',
    async (root) => {
      await mkdir(join(root, 'node_modules/.cache/keeptrusts/kt/lock'), { recursive: true });
    },
  ],
])('runs from the sources where %s', async (_name, spoil) => {
  const root = await aPackage();
  await spoil(root);
  expect(await start(root)).toEqual({ said: 'one', from: 'sources' });
});

it('runs once for each of two that start at the same time', async () => {
  const root = await aPackage();
  const both = await Promise.all([start(root), start(root)]);
  expect(both.map(({ said }) => said)).toEqual(['one', 'one']);
});
