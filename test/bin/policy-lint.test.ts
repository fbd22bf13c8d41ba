/** `kt policy lint`, as a person and as a script meet it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { policyLintCommand } from '../../bin/commands/policy-lint.ts';
import { formatProblem } from '../../bin/config-facts.ts';
import { yamlWith } from '../lambda/config/a-config.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lint-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function run(
  ...args: readonly string[]
): Promise<{ out: string; err: string; code: number | undefined }> {
  const seen: { out: string; err: string; code: number | undefined } = { out: '', err: '', code: undefined };
  const command = policyLintCommand({
    out: (text) => {
      seen.out += text;
    },
    err: (text) => {
      seen.err += text;
    },
    exit: (code) => {
      seen.code = code;
    },
  });
  await command.parseAsync([...args], { from: 'user' });
  return seen;
}

describe('kt policy lint', () => {
  it('says of a valid file what it holds and exits 0', async () => {
    const path = fileOf('a.yaml', yamlWith());
    const { out, code } = await run('--file', path);
    expect(code).toBe(0);
    expect(out).toMatch(
      /a\.yaml: valid, 0 errors, 0 warnings\ntest 1\.0\.0: 1 policy, 1 target, hash [0-9a-f]{12}\n\ncoverage +\/v1\/chat/,
    );
    expect(out).toMatch(/^audit-logger( +event){5}$/m);
  });

  it('exits 0 on warnings and shows them', async () => {
    const path = fileOf('a.yaml', yamlWith({ policies: { chain: ['pii-detector', 'audit-logger'] } }));
    const { out, code } = await run('--file', path);
    expect(code).toBe(0);
    expect(out).toContain('warning  E003  policies.chain[0]');
    expect(out).toContain('valid, 0 errors, 1 warning\n');
  });

  it('shows every mistake as a block and exits 2', async () => {
    const path = fileOf(
      'a.yaml',
      yamlWith({ pack: { autor: 'x' }, policy: { 'audit-logger': { retention_days: 0 } } }),
    );
    const { out, code } = await run('--file', path);
    expect(code).toBe(2);
    expect(out).toMatch(
      /a\.yaml:5 {2}error {2}E002 {2}pack\.autor\n {2}unknown key "autor"\n {2}seen .*\n {2}allowed .*\n {2}fix {6}did you mean `author`\?\n/,
    );
    expect(out).toContain('error  E004  policy.audit-logger.retention_days');
    expect(out).toMatch(/not valid, 2 errors, 0 warnings\n$/);
  });

  it('lays several files over each other', async () => {
    const base = fileOf('base.yaml', yamlWith());
    const later = fileOf('later.yaml', 'pack: {version: 3.0.0}');
    const { out, code } = await run('--file', base, '--file', later);
    expect(code).toBe(0);
    expect(out).toContain('test 3.0.0');
  });

  it('prints JSON for scripts, for valid files and for others', async () => {
    const good = await run('--json', '--file', fileOf('a.yaml', yamlWith()));
    expect(JSON.parse(good.out)).toMatchObject({
      ok: true,
      problems: [],
      coverage: [{ kind: 'audit-logger', route: 'chat' }, {}, {}, {}, {}],
    });
    const bad = await run('--json', '--file', fileOf('b.yaml', yamlWith({ polices: {} })));
    expect(bad.code).toBe(2);
    expect(JSON.parse(bad.out)).toMatchObject({
      ok: false,
      problems: [
        { code: 'E002', severity: 'error', path: 'polices', suggestion: 'did you mean `policies`?' },
      ],
    });
  });

  it.each([
    [
      'a file that is not there',
      () => join(folder, 'none.yaml'),
      /cannot read .*none\.yaml: it is not there/,
    ],
    ['a folder', () => folder, /it is a folder/],
  ])('exits 1 on %s, with the reason on stderr', async (_, path, says) => {
    const { out, err, code } = await run('--file', path());
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(says);
  });

  it('has help with examples', () => {
    let help = '';
    policyLintCommand()
      .configureOutput({
        writeOut: (text) => {
          help += text;
        },
      })
      .outputHelp();
    expect(help).toMatch(/--file[\s\S]*--json[\s\S]*Examples:[\s\S]*Exit codes/);
  });
});

describe('a problem as a block', () => {
  it('leaves out what is not known', () => {
    expect(formatProblem({ severity: 'error', path: '', message: 'the file is empty', file: 'a.yaml' })).toBe(
      'a.yaml  error\n  the file is empty',
    );
  });

  it('warns of an entry that no request can meet (E006)', async () => {
    const path = fileOf(
      'lost.yaml',
      `pack: {name: t, version: 1.0.0, enabled: true}
policies: {chain: [{pii-detector: {when: {path: /v2}}}, audit-logger]}
policy: {pii-detector: {}, audit-logger: {}}
providers: {targets: [{id: t, provider: aimlapi, model: m}]}
`,
    );
    const { out, code } = await run('--file', path, '--json');
    expect([code, JSON.parse(out)]).toMatchObject([
      0,
      { problems: [{ code: 'E006', path: 'policies.chain[0]' }] },
    ]);
  });
});
