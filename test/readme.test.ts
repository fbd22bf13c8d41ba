import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { createProgram } from '../bin/kt.ts';
import { parseListenAddress } from '../bin/gateway-run/listen-address.ts';
import { DEFAULT_ADDRESS } from '../bin/gateway-run/listen-address.ts';

const PAGES = ['README.md', 'CONTRIBUTING.md', ...globSync('docs/**/*.md')].map((file) => ({
  file,
  text: readFileSync(file, 'utf8'),
}));

const blocksOf = (text: string, language: string): readonly string[] =>
  [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1] ?? '');

/** The commands of a page's shell blocks, continued lines joined, comments and redirections left out. */
const commandsOf = (text: string): readonly string[] =>
  blocksOf(text, 'sh')
    .flatMap((block) => block.replaceAll('\\\n', ' ').split('\n'))
    .flatMap((line) => line.replace(/\s#.*$/, '').split(/&&|\|/))
    .map((command) => command.replace(/[<>].*$/, '').trim())
    .filter((command) => command !== '');

const all = PAGES.flatMap(({ file, text }) => commandsOf(text).map((command) => [file, command] as const));
const starting = (start: string) => all.filter(([, command]) => command.startsWith(start));

const wordsOf = (command: string): readonly string[] =>
  [...command.matchAll(/'[^']*'|"[^"]*"|\S+/g)].map(([word]) => word);

/** The innermost command that the words name, and the words that are left for it. */
function find(program: Command, words: readonly string[]): { command: Command; rest: readonly string[] } {
  const [name, ...rest] = words;
  const next = program.commands.find((command) => command.name() === name);
  return next === undefined ? { command: program, rest: words } : find(next, rest);
}

describe('README', () => {
  const readme = PAGES[0]?.text ?? '';

  it('begins with the command that tests', () => {
    expect(commandsOf(readme).slice(0, 2)).toEqual(['npm ci', 'npm test']);
    expect(blocksOf(readme, 'sh')[0]).toBe('npm ci && npm test\n');
  });

  it('names the port that the gateway has by default', () => {
    expect(readme).toContain(`http://127.0.0.1:${DEFAULT_ADDRESS.port}/v1`);
  });

  it('serves both ports of the AIML API page', () => {
    const both = commandsOf(readme).find((command) => command.split('--listen').length === 3) ?? '';
    const ports = [...both.matchAll(/--listen (\S+)/g)].map(([, at = '']) => parseListenAddress(at)?.port);
    expect(ports).toEqual([41_002, 8080]);
  });
});

describe('the manuals', () => {
  it.each(starting('npx kt'))('%s: %s is a command with these options', async (_file, command) => {
    const { command: found, rest } = find(await createProgram([]), wordsOf(command).slice(2));
    expect(found.commands).toEqual([]);
    const known = found.options.map(({ long }) => long);
    expect(known).toEqual(expect.arrayContaining(rest.filter((word) => word.startsWith('--'))));
  });

  it.each(starting('npm run'))('%s: %s is a script', (_file, command) => {
    const manifest: unknown = JSON.parse(readFileSync('package.json', 'utf8'));
    expect(manifest).toHaveProperty(['scripts', wordsOf(command)[2] ?? '']);
  });

  it.each(
    PAGES.flatMap(({ file, text }) =>
      [...text.matchAll(/\]\((?!https?:|#)([^)#]+)(?:#[^)]*)?\)/g)].map(
        ([, link = '']) => [file, link] as const,
      ),
    ),
  )('%s: the link to %s leads somewhere', (file, link) => {
    expect(existsSync(join(dirname(file), link))).toBe(true);
  });
});
