/** `kt init`: a configuration to begin with, and tests for it. */
import { join, normalize } from 'node:path';
import { Command } from 'commander';
import { PROCESS_TERMINAL, type Terminal } from '../terminal.ts';

const EXAMPLES = `
Examples:
  $ kt init
  $ kt init --template fallback
  $ kt init --dir packs/finance --template conditions --force

Templates: minimal (all four policies), shorthand, streaming, fallback, ab-test, circuit-breaker, conditions,
other-provider, tested.
Exit codes: 0 written, 1 a file is there already or can't be written.`;

/** Makes the command. */
export function initCommand(terminal: Terminal = PROCESS_TERMINAL): Command {
  return new Command('init')
    .description('write policy-config.yaml and tests/')
    .option('--template <name>', 'what to begin with', 'minimal')
    .option('--dir <folder>', 'where to write', '.')
    .option('--force', 'write over files that are there', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: { template: string; dir: string; force: boolean }, command: Command) => {
      const { TEMPLATES, writePack } = await import('../init/write-pack.ts');
      if (!TEMPLATES.some((known) => known === options.template)) {
        command.error(
          `error: no template ${JSON.stringify(options.template)}; there are ${TEMPLATES.join(', ')}`,
        );
      }
      const written = await writePack(options);
      terminal.out(written.map((path) => `${path}\n`).join(''));
      terminal.err(nextSteps(options.dir));
    });
}

/** The commands that go on from here, as they have to be typed in this folder. */
function nextSteps(dir: string): string {
  const isHere = normalize(dir) === '.';
  const file = quoted(join(dir, 'policy-config.yaml'));
  return `next:
  export AIMLAPI_KEY=…
  kt policy lint${isHere ? '' : ` --file ${file}`}
  kt policy test${isHere ? '' : ` --pack-dir ${quoted(dir)}`}
  kt gateway run${isHere ? '' : ` --policy-config ${file}`}
`;
}

const quoted = (path: string): string =>
  /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
