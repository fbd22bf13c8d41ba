/** Starts the processes that are measured, and asks the system about them. */
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Measured {
  /** The base URL, `/v1` included. */
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

const ROOT = join(import.meta.dirname, '..');

/** Runs a script of this folder that sends its URL. */
export async function startScript(name: string, variables: Record<string, string> = {}): Promise<Measured> {
  const child = fork(join(import.meta.dirname, name), { env: { ...process.env, ...variables } });
  const message = await new Promise((resolve, reject) => {
    child
      .once('message', resolve)
      .once('exit', (code) => reject(new Error(`${name} ended with code ${code}`)));
  });
  const url = typeof message === 'object' && message !== null && 'url' in message ? String(message.url) : '';
  return measured(child, url);
}

export interface GatewayStart {
  readonly policyFile: string;
  readonly auditDir: string;
  readonly syncsAudit: boolean;
}

/** Runs the gateway as a person would; resolves when it has printed its URL. */
export async function startGateway(start: GatewayStart): Promise<Measured> {
  const options = [
    '--listen',
    '127.0.0.1:0',
    '--policy-config',
    start.policyFile,
    '--audit-dir',
    start.auditDir,
  ];
  const child = spawn(
    process.execPath,
    ['bin/kt.js', 'gateway', 'run', ...options, ...(start.syncsAudit ? [] : ['--no-audit-sync'])],
    { cwd: ROOT, env: { ...process.env, BENCH_KEY: 'bench' }, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => resolve(chunk.toString().trim().split('\n')[0] ?? ''));
    child.once('exit', (code) => reject(new Error(`the gateway ended with code ${code}: ${said}`)));
  });
  return measured(child, url);
}

function measured(child: ChildProcess, url: string): Measured {
  return {
    url,
    pid: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

/** Resident memory in megabytes now and at its peak; undefined where /proc does not tell. */
export function memoryOf(pid: number): { readonly now: number; readonly peak: number } | undefined {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    const megabytes = (field: string): number =>
      Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
    return { now: megabytes('VmRSS'), peak: megabytes('VmHWM') };
  } catch {
    return undefined;
  }
}
