/** `kt doctor`: whether everything that the gateway needs is there. */
import { Command, InvalidArgumentError } from 'commander';
import type { Check } from '../doctor/check.ts';
import {
  DEFAULT_ADDRESS,
  LISTEN_FORMS,
  parseListenAddress,
  type ListenAddress,
} from '../gateway-run/listen-address.ts';
import { CommandFailure, PROCESS_TERMINAL, type PaintFormat, type Terminal } from '../terminal.ts';
import { collect, DEFAULT_CONFIG_FILE } from '../config-facts.ts';

interface DoctorOptions {
  readonly policyConfig?: readonly string[];
  readonly listen?: readonly ListenAddress[];
  readonly auditDir: string;
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  $ kt doctor
  $ kt doctor --policy-config policy-config.yaml --listen 8080 --json

Looks at the configuration, secrets, upstreams (GET {base_url}/models and AIML API's balance; no credits are spent),
the audit folder and the ports; where a gateway is running, at its circuits.
Exit codes: 0 well (warnings included), 1 something failed, 2 the configuration is not valid.`;

const UPSTREAM_TIMEOUT_MS = 5000;

/** Makes the command. */
export function doctorCommand(terminal: Terminal = PROCESS_TERMINAL): Command {
  return new Command('doctor')
    .description('check configuration, secrets, upstreams, audit folder and ports')
    .option(
      '--policy-config <file>',
      'configuration; may be repeated, later files win (default: ./policy-config.yaml)',
      collect,
    )
    .option('--listen <host:port>', 'address that the gateway shall have; may be repeated', readListen)
    .option('--audit-dir <folder>', 'where decision events shall go', './audit')
    .option('--json', 'print {ok, checks} for scripts', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: DoctorOptions) => {
      const { checks, exitCode } = await examine(options);
      const text = options.json
        ? `${JSON.stringify({ ok: exitCode === 0, checks }, null, 2)}\n`
        : checks.map((check) => formatCheck(check, terminal)).join('');
      terminal.out(text);
      terminal.exit(exitCode);
    });
}

function readListen(text: string, before: readonly ListenAddress[] | undefined): readonly ListenAddress[] {
  const address = parseListenAddress(text);
  if (address === undefined) throw new InvalidArgumentError(LISTEN_FORMS);
  return [...(before ?? []), address];
}

async function examine(options: DoctorOptions): Promise<{ checks: readonly Check[]; exitCode: 0 | 1 | 2 }> {
  const { checkAuditFolder, checkPort } = await import('../doctor/check-machine.ts');
  const { checkDigestKey } = await import('../doctor/check-evidence.ts');
  const machine = [
    checkAuditFolder(options.auditDir).then((check) => [check]),
    checkDigestKey(options.auditDir, process.env),
    ...(options.listen ?? [DEFAULT_ADDRESS]).map(checkPort),
  ];
  const configured = await checkConfiguration(options);
  const checks = [...configured.checks, ...(await Promise.all(machine)).flat()];
  const isWell = checks.every(({ state }) => state !== 'failed');
  return { checks, exitCode: configured.isValid ? (isWell ? 0 : 1) : 2 };
}

async function checkConfiguration({
  policyConfig,
}: DoctorOptions): Promise<{ checks: readonly Check[]; isValid: boolean }> {
  const { readConfigFiles } = await import('../config-files.ts');
  const { checkConfig } = await import('../doctor/check-config.ts');
  const { failed } = await import('../doctor/check.ts');
  const paths = policyConfig ?? [DEFAULT_CONFIG_FILE];
  try {
    const loaded = await readConfigFiles(paths);
    return { checks: await checkConfig(loaded, process.env, UPSTREAM_TIMEOUT_MS), isValid: true };
  } catch (error) {
    if (!(error instanceof CommandFailure)) throw error;
    return { checks: [failed('configuration', error.message.trimEnd())], isValid: error.exitCode !== 2 };
  }
}

const MARKS: Readonly<Record<Check['state'], readonly [mark: string, format: PaintFormat]>> = {
  ok: ['✓', 'green'],
  warning: ['!', 'yellow'],
  failed: ['✗', 'red'],
};

function formatCheck({ name, state, detail }: Check, { paint }: Terminal): string {
  const [mark, format] = MARKS[state];
  return `${paint(format, mark)} ${paint('bold', name)}  ${detail}\n`;
}
