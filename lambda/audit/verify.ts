/** Verifies a folder of evidence: every edit, removal, insertion and reordering within a chain is found and placed. */
import { isUtf8 } from 'node:buffer';
import { basename, join } from 'node:path';
import { ChainBook } from './chain-book.ts';
import type { ChainLink } from './decision-event.ts';
import { checkLine, type BrokenLine, type CheckedLine } from './hash-chain.ts';
import { evidencePaths } from './read-events.ts';
import { readLines, type RawLine } from './read-lines.ts';
import { Repeats } from './repeats.ts';
import { readMarks } from './retention-mark.ts';
import type { Fault, FaultKind, Place, Progress, Verification } from './verification.ts';

const FAULT_LIMIT = 1000;

/**
 * Reads all files of the folder, one line at a time. Rejects when the folder can't be read.
 * What the chains alone can't show is the removal of a chain's end, or of a chain as a whole.
 */
export async function verifyFolder(
  dir: string,
  onProgress: (progress: Progress) => void = () => undefined,
): Promise<Verification> {
  const files = byWriter(await evidencePaths(dir));
  const verifier = new Verifier(await readMarks(dir));
  for (const [index, file] of files.entries()) {
    for await (const lines of readLines(join(dir, file))) {
      for (const line of lines) verifier.read(file, line);
      onProgress({ files: index, of: files.length, events: verifier.events });
    }
  }
  if (verifier.needsComparison) {
    for (const file of files) {
      for await (const lines of readLines(join(dir, file))) for (const line of lines) verifier.compare(line);
    }
  }
  onProgress({ files: files.length, of: files.length, events: verifier.events });
  return verifier.finish(files.length);
}

/** By writer, then by time: so the files of a chain follow one another. */
function byWriter(paths: readonly string[]): readonly string[] {
  const key = (path: string): string => `${basename(path)}/${path}`;
  return paths.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

class Verifier {
  readonly #book: ChainBook;
  readonly #repeats = new Repeats();
  readonly #faults: Fault[] = [];
  readonly #recovered: Place[] = [];
  #faultCount = 0;
  #duplicates = 0;
  #writerOfFile: { file: string; writer: string | undefined } = { file: '', writer: undefined };
  events = 0;

  constructor(marks: ConstructorParameters<typeof ChainBook>[0]) {
    this.#book = new ChainBook(marks);
  }

  get needsComparison(): boolean {
    return this.#repeats.size > 0;
  }

  read(file: string, line: RawLine): void {
    const checked = check(line);
    const place = { file, line: line.number, event_id: checked.eventId ?? null };
    if (!line.isEnded && !('fault' in checked)) this.#recovered.push(place);
    if (!('fault' in checked)) return this.#follow(checked.link, place);
    if (!line.isEnded && isTorn(line.bytes.toString())) {
      this.#recovered.push(place);
      return;
    }
    this.#fault(checked.fault, place, checked.message);
    if (checked.link !== undefined) this.#book.accept(checked.link);
  }

  compare(line: RawLine): void {
    const checked = check(line);
    if (!('fault' in checked)) this.#repeats.compare(checked.link);
  }

  finish(files: number): Verification {
    for (const { kind, ...place } of this.#repeats.outcome()) {
      if (kind === 'duplicate') this.#duplicates++;
      else this.#fault(kind, place, REPEAT_MESSAGES[kind]);
    }
    return {
      ok: this.#faultCount === 0,
      files,
      events: this.events,
      writers: this.#book.writers,
      duplicates: this.#duplicates,
      recovered: this.#recovered,
      faults: this.#faults,
      fault_count: this.#faultCount,
    };
  }

  #follow(link: ChainLink, place: Place): void {
    this.#checkFile(link, place);
    const step = this.#book.step(link);
    if (step.kind === 'duplicate') {
      this.#duplicates++;
      return;
    }
    if (step.kind === 'repeat') {
      const message = 'the place in the chain was there before, as were too many others to compare them';
      if (!this.#repeats.keep(link, place)) this.#fault('conflicting', place, message);
      return;
    }
    this.events++;
    if (step.kind === 'missing') this.#fault('missing', place, missingMessage(link.writer_id, step));
    if (step.kind === 'unlinked') this.#fault('unlinked', place, unlinkedMessage(link));
  }

  /** A file that is named after its first event's writer holds that writer's events only. */
  #checkFile(link: ChainLink, place: Place): void {
    if (this.#writerOfFile.file !== place.file) {
      const isOwn = basename(place.file) === `${link.writer_id}.jsonl`;
      this.#writerOfFile = { file: place.file, writer: isOwn ? link.writer_id : undefined };
    }
    const { writer } = this.#writerOfFile;
    if (writer !== undefined && writer !== link.writer_id) {
      this.#fault('misplaced', place, `the event is of writer ${link.writer_id}, the file is not`);
    }
  }

  #fault(kind: FaultKind, place: Place, message: string): void {
    this.#faultCount++;
    if (this.#faults.length < FAULT_LIMIT) this.#faults.push({ kind, ...place, message });
  }
}

const REPEAT_MESSAGES = {
  reordered: 'the event stands after events that it was written before',
  conflicting: 'another event claims the same place in the chain',
};

function missingMessage(writer: string, { from, to }: { from: number; to: number }): string {
  const which = from === to ? `event ${from}` : `events ${from} to ${to}`;
  return `${which} of writer ${writer} should stand before this one`;
}

function unlinkedMessage({ seq, writer_id: writer }: ChainLink): string {
  return seq === 1
    ? `the first event of writer ${writer} names one before it`
    : `event ${seq} of writer ${writer} was linked to another event than the one before it`;
}

/** Bytes that are no UTF-8 would read as U+FFFD, which may stand in an event. */
function check({ bytes }: RawLine): CheckedLine | BrokenLine {
  if (isUtf8(bytes)) return checkLine(bytes.toString());
  return { fault: 'unreadable', message: 'the line is no UTF-8', eventId: undefined, link: undefined };
}

/** True for the beginning of an object whose end never came: what a crash leaves of a write. */
function isTorn(text: string): boolean {
  if (!text.startsWith('{"') && text !== '{') return false;
  let depth = 0;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*(?:"|\\?$)|[{}[\]]/gs)) {
    if (token === '{' || token === '[') depth++;
    else if (token === '}' || token === ']') depth--;
    if (depth === 0) return false;
  }
  return true;
}
