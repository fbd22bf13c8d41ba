/** Reads captures back, from a folder where they are sealed or from a bucket, which opens them itself. */
import { isRecord } from '../config/canonical-json.ts';
import { captureCipher, isSealed, type CaptureCipher } from './capture-cipher.ts';
import { CAPTURE_VERSION, type Capture } from './capture.ts';
import type { EvidenceSource } from './evidence-source.ts';
import { linesOf, unpacked } from './read-lines.ts';

/** A line that gave no capture. */
export interface UnreadableCapture {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** `key`: sealed under another digest key, or changed. `form`: no capture of a version that is known here. */
  readonly why: 'key' | 'form';
}

export interface ReadCapturesOptions {
  readonly source: Pick<EvidenceSource, 'paths' | 'read'>;
  /** Undefined where there is none: sealed lines stay closed. */
  readonly digestKey: string | undefined;
  /** Only of this request: by the id of its event, or the request's own. Default: all. */
  readonly id?: string | undefined;
}

/** All captures, file by file, each as soon as it is read. */
export async function* readCaptures(
  options: ReadCapturesOptions,
): AsyncGenerator<Capture | UnreadableCapture> {
  const { source, digestKey, id } = options;
  const open = opener(digestKey);
  for (const file of await source.paths()) {
    for await (const lines of linesOf(unpacked(file, source.read(file)))) {
      for (const { bytes, number } of lines) {
        if (bytes.length === 0) continue;
        const found = open(bytes.toString(), id);
        if (typeof found === 'string') yield { file, line: number, why: found };
        else if (found !== undefined && (id === undefined || isOf(found, id))) yield found;
      }
    }
  }
}

const isOf = ({ event_id: event, request_id: request }: Capture, id: string): boolean =>
  event === id || request === id;

/** True for what could not be read. */
export function isUnreadable(value: Capture | UnreadableCapture): value is UnreadableCapture {
  return 'why' in value;
}

type Opened = Capture | UnreadableCapture['why'] | undefined;

/** Undefined for a line of which it can be told without opening it that it is not wanted. */
function opener(digestKey: string | undefined): (line: string, id?: string) => Opened {
  const ciphers = new Map<string, CaptureCipher>();
  return (line, id) => {
    const stored = parse(line);
    if (!isRecord(stored)) return 'form';
    if (!isSealed(stored)) return isCapture(stored) ? stored : 'form';
    if (id?.startsWith('evt_') === true && stored.event_id !== id) return undefined;
    if (digestKey === undefined) return 'key';
    const writerId = stored.writer_id;
    const cipher = ciphers.get(writerId) ?? captureCipher({ digestKey, writerId });
    ciphers.set(writerId, cipher);
    try {
      const opened = parse(cipher.open(stored));
      return isRecord(opened) && isCapture(opened) ? opened : 'form';
    } catch {
      return 'key';
    }
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whoever could write a capture could write any: its version is enough to tell it from other lines. */
function isCapture(
  value: Readonly<Record<string, unknown>>,
): value is Readonly<Record<string, unknown>> & Capture {
  const { capture_version: version, event_id: id, prompt, answer } = value;
  return version === CAPTURE_VERSION && typeof id === 'string' && isRecord(prompt) && isRecord(answer);
}
