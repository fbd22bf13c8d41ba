/** What retention leaves behind: where the chains of a removed day ended, so that what follows can be verified. */
import { open, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { canonicalJson, isRecord } from '../config/canonical-json.ts';
import { timestampOf } from './event-id.ts';
import { checkLine, type ChainHead } from './hash-chain.ts';

/** In the folder's top, one line for each removed day. */
export const RETENTION_MARKS = 'retention.jsonl';

const TAIL_BYTES = 65_536;

/** Writes where each chain of the day folder ended; done before the folder is removed. */
export async function markRemoval(dir: string, folder: string, now: number): Promise<void> {
  const chains = Object.fromEntries(
    (await chainEnds(join(dir, folder))).map(({ writerId, seq, hash }) => [writerId, { seq, hash }]),
  );
  const mark = { removed: folder, removed_at: timestampOf(now), chains };
  const file = await open(join(dir, RETENTION_MARKS), 'a', 0o640);
  try {
    await file.appendFile(`${canonicalJson(mark)}\n`);
    await file.datasync();
  } finally {
    await file.close();
  }
}

/** Every place where a chain may begin because retention removed what was before. */
export async function readMarks(dir: string): Promise<readonly ChainHead[]> {
  const text = await readFile(join(dir, RETENTION_MARKS), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    const mark = parse(line);
    if (!isRecord(mark) || !isRecord(mark['chains'])) return [];
    return Object.entries(mark['chains']).flatMap(([writerId, end]) =>
      isRecord(end) && typeof end['seq'] === 'number' && typeof end['hash'] === 'string'
        ? [{ writerId, seq: end['seq'], hash: end['hash'] }]
        : [],
    );
  });
}

/** The last event of each writer in a day. */
async function chainEnds(dayFolder: string): Promise<readonly ChainHead[]> {
  const paths = (await readdir(dayFolder, { recursive: true }))
    .filter((path) => path.endsWith('.jsonl'))
    .sort();
  const lastOfWriter = new Map(paths.map((path) => [basename(path), path]));
  const ends: ChainHead[] = [];
  for (const path of lastOfWriter.values()) {
    const checked = checkLine(await lastLine(join(dayFolder, path)));
    if ('fault' in checked) continue;
    const { writer_id: writerId, seq, hash } = checked.link;
    ends.push({ writerId, seq, hash });
  }
  return ends;
}

/** The last line that has its end; what a crash tore is passed over. */
async function lastLine(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    for (let length = TAIL_BYTES; ; length *= 4) {
      const start = Math.max(0, size - length);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - start), 0, size - start, start);
      const tail = buffer.subarray(0, bytesRead);
      const end = tail.lastIndexOf(0x0a);
      const begin = tail.lastIndexOf(0x0a, end - 1);
      if (end > 0 && begin >= 0) return tail.toString('utf8', begin + 1, end);
      if (start === 0) return end > 0 ? tail.toString('utf8', 0, end) : '';
    }
  } finally {
    await file.close();
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
