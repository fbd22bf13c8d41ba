/** `kt demo`: a tour of the gateway that needs no key and no network. */
import { once } from 'node:events';
import { Command, InvalidArgumentError } from 'commander';
import { launcherGone } from '../launcher.ts';
import { PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

const EXAMPLES = `
Examples:
  $ kt demo
  $ kt demo --once
  $ kt demo --port 8080

Exit codes: 0 all went as claimed, 1 it did not, or the port is taken.`;

/** Slow enough to be seen. */
const SHOWN_TOKEN_DELAY_MS = 60;

/** Makes the command. */
export function demoCommand(terminal: Terminal = PROCESS_TERMINAL): Command {
  return new Command('demo')
    .description('a tour without key and network: allowed, redacted, blocked, streamed, failed over')
    .option('--once', 'end after the tour', false)
    .option('--port <port>', 'where the gateway listens (default: 41002, or a free one)', readPort)
    .addHelpText('after', EXAMPLES)
    .action(async (options: { once: boolean; port?: number }) => {
      const { runDemo } = await import('../demo/run-demo.ts');
      const untilEnd = async (): Promise<void> => {
        await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM'), launcherGone(process.env)]);
      };
      await runDemo(
        { ...options, tokenDelayMs: options.once ? 0 : SHOWN_TOKEN_DELAY_MS },
        terminal,
        untilEnd,
      );
    });
}

function readPort(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('Allowed is 0 to 65535.');
  return port;
}
