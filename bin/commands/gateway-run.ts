/** `kt gateway run`: the gateway on this machine, until a signal ends it. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { collect, DEFAULT_CONFIG_FILE } from '../config-facts.ts';
import {
  DEFAULT_ADDRESS,
  LISTEN_FORMS,
  parseListenAddress,
  type ListenAddress,
} from '../gateway-run/listen-address.ts';
import { PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

/** The options as commander hands them over. */
export interface GatewayRunOptions {
  readonly listen?: readonly ListenAddress[];
  readonly policyConfig?: readonly string[];
  readonly failMode: 'block' | 'allow';
  readonly maxConcurrency: number;
  readonly auditDir: string;
  /** False after --no-audit-sync. */
  readonly auditSync: boolean;
  readonly drainSeconds: number;
  readonly keysFile?: string;
}

const EXAMPLES = `
Examples:
  $ kt gateway run
  $ kt gateway run --listen 0.0.0.0:41002 --policy-config policy-config.yaml
  $ kt gateway run --listen 41002 --listen 8080     both ports that the AIML API page names
  $ kt gateway run --policy-config base.yaml --policy-config production.yaml

Signals: SIGTERM and SIGINT let running calls end and refuse new ones (503); SIGHUP reads the files again.
Exit codes: 0 ended by a signal, 1 the port or the audit folder can't be used, 2 the configuration is not valid.`;

/** Makes the command; it is mounted under `kt gateway`. */
export function gatewayRunCommand(terminal: Terminal = PROCESS_TERMINAL): Command {
  const { host, port } = DEFAULT_ADDRESS;
  return new Command('run')
    .description('serve the gateway; prints the base URL to give to an SDK')
    .option('--listen <host:port>', `address; may be repeated (default: ${host}:${port})`, readListen)
    .option(
      '--policy-config <file>',
      'configuration; may be repeated, later files win (default: ./policy-config.yaml)',
      collect,
    )
    .addOption(
      new Option('--fail-mode <mode>', 'what a policy that fails, or evidence that can not be stored, does')
        .choices(['block', 'allow'])
        .default('block'),
    )
    .option('--max-concurrency <n>', 'calls at once; above it 503', readWhole('a number from 1', 1), 256)
    .option('--audit-dir <folder>', 'where decision events go', './audit')
    .option('--keys-file <file>', 'ask callers for a gateway key of this file (kt keys create)')
    .option('--drain-seconds <n>', 'time for running calls at the end', readWhole('seconds from 0', 0), 30)
    .option('--no-audit-sync', 'do not wait for the disk; for measurements only')
    .addHelpText('after', EXAMPLES)
    .action(async (options: GatewayRunOptions) => {
      const { readConfigAside } = await import('../gateway-run/read-config-aside.ts');
      const files = options.policyConfig ?? [DEFAULT_CONFIG_FILE];
      const reading = readConfigAside(files);
      // Whoever starts the gateway hears of its failure; until then nobody may take it for unheard.
      reading.catch(() => undefined);
      const { runGateway } = await import('../gateway-run/run-gateway.ts');
      await runGateway(options, files, reading, terminal);
    });
}

function readListen(text: string, before: readonly ListenAddress[] | undefined): readonly ListenAddress[] {
  const address = parseListenAddress(text);
  if (address === undefined) {
    throw new InvalidArgumentError(LISTEN_FORMS);
  }
  return [...(before ?? []), address];
}

function readWhole(allowed: string, least: number): (text: string) => number {
  return (text) => {
    const number = Number(text);
    if (!/^\d{1,9}$/.test(text) || number < least) throw new InvalidArgumentError(`Allowed is ${allowed}.`);
    return number;
  };
}
