/** Runs a gateway as a process: says what it does, obeys signals, ends in order. */
import { flushCompileCache } from 'node:module';
import { createConsoleLog } from '../../lambda/local/console-log.ts';
import type { GatewayRunOptions } from '../commands/gateway-run.ts';
import { missingSecrets, problemLine } from '../config-facts.ts';
import { launcherGone } from '../launcher.ts';
import { count, type Terminal } from '../terminal.ts';
import { boundMemory } from './bound-memory.ts';
import { DEFAULT_ADDRESS, sdkUrl } from './listen-address.ts';
import { optimizeSooner } from './optimize-sooner.ts';
import type { ConfigReading } from './read-config-aside.ts';
import { startGateway, type StartedGateway } from './start-gateway.ts';

/**
 * Resolves when a signal has ended the gateway. Throws what startGateway throws.
 * @param reading The first reading of the files; it goes on while this module loads.
 */
export async function runGateway(
  options: GatewayRunOptions,
  files: readonly string[],
  reading: Promise<ConfigReading>,
  terminal: Terminal,
): Promise<void> {
  const log = createConsoleLog({ write: terminal.err, now: Date.now });
  const keyWarnings = await warningsOfKeys(options.keysFile);
  const started = await startGateway({
    listen: options.listen ?? [DEFAULT_ADDRESS],
    policyConfig: files,
    reading,
    failMode: options.failMode,
    maxConcurrency: options.maxConcurrency,
    auditDir: options.auditDir,
    syncsAudit: options.auditSync,
    variables: process.env,
    log,
    ...(options.keysFile !== undefined && { keysFile: options.keysFile }),
  });
  const ended = untilSignal(started, options.drainSeconds, terminal);
  introduce(started, options, keyWarnings, terminal);
  void started.warmedUp.then(settleDown);
  await ended;
}

/** Once all is loaded: gateways are often killed, and Node would keep what it has compiled at the exit alone. */
function settleDown(): void {
  flushCompileCache();
  boundMemory();
  optimizeSooner();
}

/** Loaded only where keys are asked for: the start of an open gateway need not wait for it. */
async function warningsOfKeys(file: string | undefined): Promise<readonly string[]> {
  if (file === undefined) return [];
  const { checkKeysFile } = await import('./check-keys-file.ts');
  return checkKeysFile(file, Date.now());
}

function introduce(
  { config, warnings, urls }: StartedGateway,
  options: GatewayRunOptions,
  keyWarnings: readonly string[],
  terminal: Terminal,
): void {
  const { pack, chain, targets } = config;
  const contents = `${count(chain.length, 'policy', 'policies')}, ${count(targets.length, 'target')}`;
  const lines = [
    `${pack.name} ${pack.version}: ${contents}; events go to ${options.auditDir}`,
    ...warnings.map((warning) => `warning: ${problemLine(warning)}`),
    ...missingSecrets(config, process.env).map(
      ({ variable, targets: ids }) =>
        `warning: ${variable} is not set: calls of ${ids.join(', ')} get 503; export it and start again`,
    ),
    ...keyWarnings.map((warning) => `warning: ${warning}`),
    ...(pack.enabled ? [] : ['warning: pack.enabled is false: every call gets 503']),
    'ready; the base URL for SDKs:',
  ];
  terminal.err(`${lines.join('\n')}\n`);
  terminal.out(urls.map((url) => `${sdkUrl(url)}\n`).join(''));
}

/** Resolves when the first SIGTERM or SIGINT has been obeyed; the second one ends the process at once. */
function untilSignal(started: StartedGateway, drainSeconds: number, terminal: Terminal): Promise<void> {
  process.on('SIGHUP', () => void started.reload());
  return new Promise((resolve, reject) => {
    let isEnding = false;
    const end = (cause: string): void => {
      if (isEnding) process.exit(1);
      isEnding = true;
      terminal.err(`${cause}: no new calls; running ones have ${drainSeconds} s (again: end at once)\n`);
      started.close(drainSeconds * 1000).then(resolve, reject);
    };
    process.on('SIGTERM', end).on('SIGINT', end);
    void launcherGone(process.env).then(() => end('npx has ended'));
  });
}
