/** A terminal that keeps what a command writes. */
import type { Terminal } from '../../bin/terminal.ts';

export interface TestTerminal extends Terminal {
  readonly written: { out: string; err: string; code: number | undefined };
}

/** Without colours. */
export function aTerminal(): TestTerminal {
  const written: TestTerminal['written'] = { out: '', err: '', code: undefined };
  return {
    written,
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    exit: (code) => {
      written.code = code;
    },
    paint: (_format, text) => text,
  };
}
