/** Verifies evidence, wherever it lies: edits, removals, insertions and reorderings are found and placed. */
import { checkCheckpoints, NO_CHECKPOINTS, NO_TRUST, type Trust } from './check-checkpoints.ts';
import { KnownHeads, type Continuation } from './continuation.ts';
import type { EvidenceSource } from './evidence-source.ts';
import { folderSource } from './folder-source.ts';
import { linesOf, unpacked, type RawLine } from './read-lines.ts';
import { readMarks, RETENTION_MARKS, type RetentionMark } from './retention-mark.ts';
import type { Progress, Verification, VerificationWithHeads } from './verification.ts';
import { Verifier } from './verifier.ts';

/** What a verification may know, and whom it tells. */
export interface VerifyOptions {
  readonly trust?: Trust;
  readonly onProgress?: (progress: Progress) => void;
  /** What came since is verified, and nothing else; checkpoints are taken for checked. Default: everything. */
  readonly since?: Continuation;
  /** Milliseconds since the epoch. Default: the time of day. */
  readonly now?: number;
}

/** Verifies a local folder. Rejects when it can't be read. */
export async function verifyFolder(
  dir: string,
  onProgress?: (progress: Progress) => void,
): Promise<Verification> {
  const options = onProgress === undefined ? {} : { onProgress };
  const {
    heads: _heads,
    retentionDays: _days,
    ...verification
  } = await verifyEvidence(folderSource(dir), options);
  return verification;
}

/**
 * Reads all files, one line at a time, and all of them again where something came twice. Rejects when the place
 * can't be read.
 */
export async function verifyEvidence(
  source: EvidenceSource,
  { trust = NO_TRUST, onProgress = () => undefined, since, now = Date.now() }: VerifyOptions = {},
): Promise<VerificationWithHeads> {
  const files = (await source.paths()).filter((path) => since === undefined || path >= since.from);
  const checkpoints = since === undefined ? await checkCheckpoints(source, trust) : NO_CHECKPOINTS;
  const marks = readMarks((await source.text(RETENTION_MARKS)) ?? '');
  const keys = new Set(checkpoints.valid.map(([, { publicKey }]) => publicKey));
  const believed =
    keys.size === 0 ? marks : marks.filter(({ signedBy }) => signedBy !== undefined && keys.has(signedBy));
  const known = new KnownHeads(since?.heads);
  const verifier = new Verifier(
    [...believed.flatMap(({ heads }) => heads), ...known.marks],
    checkpoints,
    now,
    known,
  );
  tellUnsigned(verifier, marks, believed);
  for (const [index, file] of files.entries()) {
    verifier.begin(file);
    await readFile(source, file, verifier, (lines) => {
      for (const line of lines) verifier.read(line);
      onProgress({ files: index, of: files.length, events: verifier.events });
    });
  }
  verifier.settle();
  if (verifier.needsComparison) {
    for (const file of files) {
      const compare = (lines: readonly RawLine[]): void => {
        for (const line of lines) verifier.compare(line);
      };
      await readFile(source, file, undefined, compare);
    }
  }
  onProgress({ files: files.length, of: files.length, events: verifier.events });
  return { ...verifier.finish(files.length), ...verifier.ends() };
}

/** A compressed file that was cut or changed is a fault of that file; everything else rejects. */
async function readFile(
  source: EvidenceSource,
  file: string,
  verifier: Verifier | undefined,
  take: (lines: readonly RawLine[]) => void,
): Promise<void> {
  let line = 0;
  try {
    for await (const lines of linesOf(unpacked(file, source.read(file)))) {
      take(lines);
      line += lines.length;
    }
  } catch (error) {
    if (!isCompressionError(error)) throw error;
    const message = `the compressed data is cut or changed (${error.code}): lines from here on can't be read`;
    verifier?.fault({ kind: 'unreadable', file, line: line + 1, event_id: null, message });
  }
}

/** Where checkpoints are signed, marks are, too: else anybody could say that retention removed a day. */
function tellUnsigned(
  verifier: Verifier,
  marks: readonly RetentionMark[],
  believed: readonly RetentionMark[],
): void {
  for (const mark of marks) {
    if (believed.includes(mark)) continue;
    const message = 'the mark of a removed day is not as the gateway signed it';
    verifier.fault({ kind: 'unsigned', file: RETENTION_MARKS, line: mark.line, event_id: null, message });
  }
}

/** Node names zlib's errors `Z_…`. */
function isCompressionError(error: unknown): error is Error & { readonly code: string } {
  return (
    error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('Z_')
  );
}
