/** A terminal that keeps what a command writes and how it ends. */
import type { Terminal } from '../../bin/terminal.ts';

export interface RecordingTerminal extends Terminal {
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Undefined while the command has not said. */
  readonly exitCode: () => number | undefined;
}

/** Colours are written as `<red>text</red>`. */
export function recordingTerminal(): RecordingTerminal {
  let [stdout, stderr] = ['', ''];
  let exitCode: number | undefined;
  return {
    out: (text) => void (stdout += text),
    err: (text) => void (stderr += text),
    exit: (code) => void (exitCode = code),
    paint: (format, text) => `<${format}>${text}</${format}>`,
    stdout: () => stdout,
    stderr: () => stderr,
    exitCode: () => exitCode,
  };
}
