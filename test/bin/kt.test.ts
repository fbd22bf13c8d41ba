import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProgram } from '../../bin/kt.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const KT = resolve('bin/kt.js');

/** The command as people start it, in a process of its own. */
function kt(args: readonly string[], cwd = '.') {
  const child = spawn(process.execPath, [KT, ...args], { cwd, env: { ...process.env, NO_COLOR: '1' } });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const seen = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (seen.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (seen.err += text));
  const closed = once(child, 'close');
  return {
    child,
    seen,
    ended: closed.then(([code]: unknown[]) => ({ ...seen, code })),
    /** Resolves when the text was written, or the process is over. */
    until: async (stream: 'out' | 'err', text: string): Promise<void> => {
      const over = closed.then(() => 'over' as const);
      const source = stream === 'out' ? child.stdout : child.stderr;
      for (let state: unknown; state !== 'over' && !seen[stream].includes(text);) {
        state = await Promise.race([once(source, 'data'), over]);
      }
    },
  };
}

const CONFIG = `
pack: {name: test, version: 1.0.0, enabled: true}
policies: {chain: [audit-logger]}
policy: {audit-logger: {retention_days: 30}}
providers: {targets: [{id: a, provider: aimlapi, model: openai/gpt-4o, secret_key_ref: {env: KT_TEST_UNSET}}]}
`;

describe('kt', () => {
  it.each([
    ['of the program', [], ['gateway', 'init', 'policy', 'events', 'keys', 'doctor', 'demo']],
    ['of a group', ['policy'], ['lint', 'test', 'explain']],
  ])('lists the commands %s in its help', async (_name, args, names) => {
    const program = await createProgram([...args, '--help']);
    const command = args.length === 0 ? program : program.commands[0];
    expect(command?.commands.map((sub) => sub.name())).toEqual(names);
  });

  it('loads the named command alone', async () => {
    const program = await createProgram(['gateway', 'run']);
    expect(program.commands.map((command) => command.name())).toEqual(['gateway']);
  });

  it('has an example and its exit codes in the help of every command', async () => {
    const program = await createProgram([]);
    const leaves = program.commands.flatMap((command) =>
      command.commands.length > 0 ? command.commands : [command],
    );
    for (const command of leaves) {
      let help = '';
      command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help).toContain('$ kt ');
    }
  });

  it.each(['gateway', 'policy', 'events', 'keys'])(
    'has an example in the help of the group %s',
    async (name) => {
      const program = await createProgram([name, '--help']);
      let help = '';
      program.commands[0]?.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
      expect(help).toContain(`$ kt ${name} `);
    },
  );

  it.each([
    ['an unknown command', ['gatway'], '(Did you mean gateway?)'],
    ['an unknown command of a group', ['policy', 'lnt'], '(Did you mean lint?)'],
    ['an unknown flag', ['gateway', 'run', '--lisen', '1'], '(Did you mean --listen?)'],
    ['a value that is not allowed', ['gateway', 'run', '--listen', 'nowhere'], 'Allowed are host:port'],
    ['a port that is none', ['gateway', 'run', '--listen', '99999'], 'a port from 0 to 65535'],
    [
      'a choice that is not there',
      ['gateway', 'run', '--fail-mode', 'maybe'],
      'Allowed choices are block, allow',
    ],
  ])('answers %s with the nearest, and exit code 1', async (_name, args, message) => {
    const { out, err, code } = await kt(args).ended;
    expect(err).toContain(message);
    expect([out, code]).toEqual(['', 1]);
  });
});

describe('kt gateway run', () => {
  it('prints the base URL alone on stdout, names what is missing, reloads, and ends with a signal', async () => {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'policy-config.yaml'), CONFIG);
    const { child, seen, until, ended } = kt(['gateway', 'run', '--listen', '127.0.0.1:0'], dir);
    await until('out', '/v1\n');
    expect(seen.out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/v1\n$/);
    expect(seen.err).toContain('warning: KT_TEST_UNSET is not set: calls of a get 503');
    const url = seen.out.trim().replace('/v1', '');
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    child.kill('SIGHUP');
    await until('err', 'configuration read again');
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({ code: 0 });
  });

  it('ends with 2 and every mistake when the configuration is not valid', async () => {
    const dir = await temporaryFolder();
    await writeFile(
      join(dir, 'policy-config.yaml'),
      CONFIG.replace('1.0.0', 'one').replace('audit-logger]', 'audit-loger]'),
    );
    const { out, err, code } = await kt(['gateway', 'run', '--listen', '127.0.0.1:0'], dir).ended;
    expect(err).toMatch(/pack\.version[^]*audit-loger/);
    expect([out, code]).toEqual(['', 2]);
  });
});

describe.skipIf(process.platform === 'win32')('a launcher that hands no signals on', () => {
  /** Starts the gateway under a shell, as npm does, and ends the shell. */
  async function orphan(variables: Readonly<Record<string, string>>): Promise<number> {
    const dir = await temporaryFolder();
    await writeFile(join(dir, 'policy-config.yaml'), CONFIG);
    const script = `"${process.execPath}" "${KT}" gateway run --listen 127.0.0.1:0 & echo "pid $!" >&2; wait`;
    const shell = spawn('sh', ['-c', script], { cwd: dir, env: { PATH: process.env['PATH'], ...variables } });
    let out = '';
    let err = '';
    shell.stderr.on('data', (text: Buffer) => (err += text.toString()));
    for await (const text of shell.stdout) {
      out += String(text);
      if (out.includes('/v1\n')) break;
    }
    shell.kill('SIGTERM');
    await once(shell, 'exit');
    return Number(/pid (\d+)/.exec(err)?.[1]);
  }

  const isAlive = (pid: number): boolean => {
    try {
      return process.kill(pid, 0);
    } catch {
      return false;
    }
  };

  it('takes the gateway with it when it is npm', async () => {
    const pid = await orphan({ npm_lifecycle_event: 'npx' });
    while (isAlive(pid)) await new Promise((settle) => setImmediate(settle));
    expect(isAlive(pid)).toBe(false);
  });

  it('leaves it running when it is a shell', async () => {
    const pid = await orphan({});
    expect(isAlive(pid)).toBe(true);
    process.kill(pid, 'SIGKILL');
  });
});

it('kt demo --once shows the tour and ends with 0', async () => {
  const { out, code } = await kt(['demo', '--once', '--port', '0']).ended;
  expect(out).toContain('every link holds');
  expect(code).toBe(0);
});
