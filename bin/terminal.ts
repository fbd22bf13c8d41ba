/** Where commands write and how they end: data on stdout, all that is said about it on stderr. */
import { styleText } from 'node:util';

export interface Terminal {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** 0 success, 1 usage or I/O error, 2 the thing checked is not valid. */
  readonly exit: (code: 0 | 1 | 2) => void;
  readonly paint: Paint;
}

/** Colours a text for stdout, unless it goes into a file or NO_COLOR is set. */
export type Paint = (format: PaintFormat, text: string) => string;

export type PaintFormat = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan' | 'magenta' | 'inverse';

/** The terminal of this process. */
export const PROCESS_TERMINAL: Terminal = {
  out: (text) => void process.stdout.write(text),
  err: (text) => void process.stderr.write(text),
  exit: (code) => {
    process.exitCode = code;
  },
  paint: (format, text) => styleText(format, text, { stream: process.stdout }),
};

/** Ends a command: the message goes to stderr, the code becomes the exit code. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure';
  readonly exitCode: 1 | 2;
  constructor(exitCode: 1 | 2, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** The system's code of an error, e.g. ENOENT. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** One item, two items. */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${number} ${number === 1 ? singular : plural}`;
}
