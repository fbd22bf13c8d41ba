/** Captures in a local folder, sealed, readable by their owner alone, and removed when their own time is over. */
import { appendFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { captureCipher, type CaptureCipher } from './capture-cipher.ts';
import { captureQueue, type CaptureSink } from './capture-sink.ts';
import { CAPTURES_FOLDER } from './capture.ts';
import { folderOf, hourOf } from './lake-layout.ts';
import type { AuditLog } from './sink.ts';

export interface CaptureFilesOptions {
  /** The audit folder, which must be there; captures lie in a folder of their own in it. */
  readonly auditDir: string;
  readonly writerId: string;
  /** Seals the captures; see capture-cipher. */
  readonly digestKey: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: AuditLog;
}

/** Some 60 MB at most in one write. */
const MOST_LINES = 128;

/** Makes no folder and no key before the first capture. */
export function openCaptureFiles({
  auditDir,
  writerId,
  digestKey,
  now,
  log,
}: CaptureFilesOptions): CaptureSink {
  let cipher: CaptureCipher | undefined;
  // What a failed write left of a line must not spoil the next one.
  let lead = '';
  return captureQueue({
    store: async (lines) => {
      cipher ??= captureCipher({ digestKey, writerId });
      const sealer = cipher;
      const dir = join(auditDir, CAPTURES_FOLDER, folderOf(hourOf(now())));
      await mkdir(dir, { recursive: true, mode: 0o700 });
      const text = lines.map(({ eventId, text: line }) => `${sealer.seal(eventId, line)}\n`).join('');
      const before = lead;
      lead = '\n';
      await appendFile(join(dir, `${writerId}.jsonl`), before + text, { mode: 0o600 });
      lead = '';
    },
    most: MOST_LINES,
    log,
  });
}
