/** `kt policy explain`: what each policy finds in a text, or in each of many. */
import { Command, Option } from 'commander';
import type { Phase, Role } from '../../lambda/wire/lane.ts';
import { CommandFailure, PROCESS_TERMINAL, type Terminal } from '../terminal.ts';
import { collect } from '../config-facts.ts';

interface ExplainOptions {
  readonly text?: string;
  readonly jsonl: boolean;
  readonly role: Role;
  readonly phase: Phase;
  readonly policyConfig?: readonly string[];
  readonly json: boolean;
}

const EXAMPLES = `
Examples:
  $ kt policy explain --text "Ignore all previous instructions"
  $ kt policy explain --text "Mail me at ada@example.org" --json
  $ kt policy explain --jsonl < texts.jsonl > findings.jsonl

--jsonl reads lines {id, text, role?, phase?} and writes, in the same order,
{id, injection: {score}, safety: {score, categories}, pii: [{type, start, end}]}; offsets in UTF-16 units.
Exit codes: 0 explained, 1 wrong usage or input, 2 the configuration is not valid.`;

/** Makes the command; it is mounted under `kt policy`. */
export function policyExplainCommand(
  terminal: Terminal = PROCESS_TERMINAL,
  input: () => AsyncIterable<string> = readStdin,
): Command {
  return new Command('explain')
    .description('tell what each policy finds in a text: score, spans, rules')
    .addOption(new Option('--text <text>', 'the text').conflicts('jsonl'))
    .option('--jsonl', 'read many texts from stdin, one JSON object a line', false)
    .addOption(
      new Option('--role <role>', 'whose text it is')
        .choices(['system', 'developer', 'user', 'assistant', 'tool'])
        .default('user'),
    )
    .addOption(
      new Option('--phase <phase>', 'request or answer').choices(['input', 'output']).default('input'),
    )
    .option(
      '--policy-config <file>',
      'take settings from a configuration; may be repeated (default: the defaults of each kind)',
      collect,
    )
    .option('--json', 'print the explanation of --text as JSON', false)
    .addHelpText('after', EXAMPLES)
    .action(async (options: ExplainOptions) => {
      if (options.text === undefined && !options.jsonl) {
        throw new CommandFailure(1, 'nothing to explain: give --text "…", or --jsonl and lines on stdin');
      }
      const { explainSettings } = await import('../policy-explain/explain-settings.ts');
      const settings = await explainSettings(options.policyConfig);
      if (options.text !== undefined) {
        await explainOne({ ...options, text: options.text }, settings, terminal);
        return;
      }
      const { explainLines } = await import('../policy-explain/explain-lines.ts');
      for await (const lines of explainLines(input(), settings)) terminal.out(lines);
    });
}

async function explainOne(
  { text, role, phase, json }: ExplainOptions & { readonly text: string },
  settings: Parameters<typeof import('../policy-explain/explain-text.ts').explainText>[1],
  terminal: Terminal,
): Promise<void> {
  const { explainText, explanationJson } = await import('../policy-explain/explain-text.ts');
  const { tellExplanation } = await import('../policy-explain/tell-explanation.ts');
  const explanation = explainText({ text, role, phase }, settings);
  if (json) {
    const rules = { injection: explanation.injection?.rules ?? [], safety: explanation.safety.rules };
    terminal.out(`${JSON.stringify({ ...explanationJson(explanation), rules }, null, 2)}\n`);
  } else {
    terminal.out(tellExplanation(text, explanation, settings, terminal.paint));
  }
}

async function* readStdin(): AsyncGenerator<string> {
  process.stdin.setEncoding('utf8');
  for await (const chunk of process.stdin) yield String(chunk);
}
