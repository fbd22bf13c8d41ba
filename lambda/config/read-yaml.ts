/** Reads one YAML file into plain data that remembers its lines; the faults of the YAML itself are told here. */
import { LineCounter, parseDocument, type ErrorCode } from 'yaml';
import { plainData, type YamlFault } from './plain-value.ts';
import type { Problem } from './problem.ts';
import { formatPath } from './show.ts';

const LARGEST_FILE = 1_048_576;

/** One file as the caller has read it. */
export interface ConfigText {
  readonly path: string;
  readonly text: string;
}

/** One file, read. A file with a fault that leaves nothing to check has no value. */
export interface ReadFile {
  readonly path: string;
  readonly value?: unknown;
  /** Line by formatted path. */
  readonly lines: ReadonlyMap<string, number>;
  readonly problems: readonly Problem[];
}

/** What to say of the parser's codes, in words that quote nothing of the file. */
const SYNTAX: Partial<Record<ErrorCode, readonly [message: string, fix: string]>> = {
  BAD_ALIAS: ['an alias is not well formed', 'write the value out'],
  BAD_DQ_ESCAPE: ['an escape in double quotes does not exist', 'use single quotes, or double the backslash'],
  BAD_INDENT: [
    'the indentation does not fit',
    'line the key up with its siblings, two spaces for each level',
  ],
  BAD_SCALAR_START: ['a value starts with a character that YAML keeps for itself', 'put the value in quotes'],
  BLOCK_AS_IMPLICIT_KEY: ['a second `: ` stands on the line', 'start a new line, or put the value in quotes'],
  BLOCK_IN_FLOW: ['a block stands inside braces or brackets', 'write all of it in one style'],
  KEY_OVER_1024_CHARS: ['a key is longer than 1024 characters', 'shorten it'],
  MISSING_CHAR: ['a colon, comma, bracket or quote is missing', 'add it'],
  MULTILINE_IMPLICIT_KEY: ['a key runs over several lines', 'check the colons and quotes above'],
  MULTIPLE_DOCS: [
    'the file holds several documents',
    'split it at `---` and pass the parts as several files',
  ],
  RESOURCE_EXHAUSTION: ['the nesting is too deep', 'flatten the file'],
  TAB_AS_INDENT: ['a tab indents the line', 'indent with spaces'],
  UNEXPECTED_TOKEN: [
    'something stands where YAML does not expect it',
    'check quotes, colons and indentation',
  ],
};

/** Reads a file; never throws. */
export function readYaml(file: ConfigText): ReadFile {
  const bytes = Buffer.byteLength(file.text);
  if (bytes > LARGEST_FILE) {
    return unreadable(file, {
      message: 'the file is too large',
      seen: `${bytes} bytes`,
      allowed: `at most ${LARGEST_FILE} bytes`,
      suggestion: 'move test cases into golden files under tests/',
    });
  }
  try {
    return parse(file);
  } catch (error) {
    // The parser recurses; hostile nesting that gets past its own guard ends here.
    const reason = error instanceof RangeError ? 'the nesting is too deep' : 'the file is not YAML';
    return unreadable(file, { message: reason, suggestion: 'check the file with a YAML editor' });
  }
}

function parse(file: ConfigText): ReadFile {
  const counter = new LineCounter();
  const document = parseDocument(file.text, {
    lineCounter: counter,
    prettyErrors: false, // they would quote the file, and so its secrets
    schema: 'core',
    resolveKnownTags: false,
    uniqueKeys: false, // checked in plain-value.ts: the parser's own check is quadratic
    logLevel: 'error', // silent would also keep a second document silent
  });
  if (document.errors.length > 0) {
    const problems = document.errors.map((error): Problem => {
      const [message, suggestion] = SYNTAX[error.code] ?? [
        'this is not YAML',
        'check the line and the one before',
      ];
      return place(file, { path: [], message, suggestion, line: counter.linePos(error.pos[0]).line });
    });
    return { path: file.path, lines: new Map(), problems: onePerLine(problems) };
  }
  if (document.contents === null) {
    return unreadable(file, {
      message: 'the file is empty',
      suggestion: 'write one with `kt init`, or start from examples/minimal.yaml',
    });
  }
  const { value, lines, faults } = plainData(document.contents, counter);
  return { path: file.path, value, lines, problems: faults.map((fault) => place(file, fault)) };
}

/** One slip makes the parser stumble several times: the first word on a line is the useful one. */
function onePerLine(problems: readonly Problem[]): readonly Problem[] {
  const seen = new Set<number | undefined>();
  return problems.filter(({ line }) => !seen.has(line) && seen.add(line));
}

function place(file: ConfigText, { path, message, suggestion, line }: YamlFault): Problem {
  return {
    severity: 'error',
    path: formatPath(path),
    message,
    suggestion,
    file: file.path,
    ...(line === undefined ? {} : { line }),
  };
}

function unreadable(file: ConfigText, words: Omit<Problem, 'severity' | 'path' | 'file'>): ReadFile {
  return {
    path: file.path,
    lines: new Map(),
    problems: [{ severity: 'error', path: '', file: file.path, ...words }],
  };
}
